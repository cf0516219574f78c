import type { DeletedObjects, LabAction, LabStep } from '../lab/lab.ts'

/** What the kubectl lines of a lab run have to say so that they mean the same cluster and namespace. */
export interface CommandSetting {
  readonly namespace: string
  /** The namespace that the manifests name. */
  readonly labNamespace: string
  readonly statefulSet: string
  /** Folder of the lab's manifests, as a student would type it. */
  readonly manifests: string
  /** Folder of the student's own files, as one would type it; absent: there are none. */
  readonly studentFolder?: string
  /** Set when it is not what kubectl would take by itself. */
  readonly context: string | null
  readonly kubeconfig: string | null
  /** The set's pods, for what is done in each of them. */
  readonly pods?: readonly string[]
  /** The namespace is not the lab's own, so it is never deleted. */
  readonly keepNamespace: boolean
}

/** The lines that do what an action does: shown to be typed, and what sts-lab does on Enter comes to the same. */
export function commandsFor(action: LabAction, setting: CommandSetting): string[] {
  const { namespace, statefulSet } = setting
  const kubectl = kubectlIn(setting)
  switch (action.do) {
    case 'apply':
      return action.manifests.map((file) => applyLine(file, setting))
    case 'delete-pod':
      return [`${kubectl} delete pod ${action.pod}`]
    case 'scale':
      return [`${kubectl} scale statefulset ${statefulSet} --replicas=${action.replicas}`]
    case 'set-image':
      return [`${kubectl} set image statefulset/${statefulSet} ${action.container}=${action.image}`]
    case 'delete':
      return action.objects
        .filter(({ kind }) => kind !== 'Namespace' || !setting.keepNamespace)
        .map((objects) =>
          objects.kind === 'Namespace'
            ? `${kubectlBare(setting)} delete namespace ${namespace}`
            : `${kubectl} delete ${RESOURCE[objects.kind]} ${objects.name ?? `-l ${objects.selector ?? ''}`}`,
        )
    case 'fill':
      // The student's file names the namespace in use.
      return setting.studentFolder === undefined
        ? [`${kubectl} apply -f ${quoted(action.file)}`]
        : [`${kubectlBare(setting)} apply -f ${quoted(`${setting.studentFolder}/${action.file}`)}`]
    case 'write':
      return (setting.pods ?? []).map((pod) => {
        const text = inPod(action.text, pod)
        const words = /["$`\\!]/.test(text) ? quoted(text) : `"${text}"`
        return `${kubectl} exec ${pod} -- sh -c ${quoted(`echo ${words} > ${quoted(action.file)}`)}`
      })
    case 'wait':
      return []
    case 'several':
      return action.actions.flatMap((each) => commandsFor(each, setting))
  }
}

/** The step's "look" lines, with namespace and context filled in. */
export function lookLines(step: LabStep, setting: CommandSetting): string[] {
  return step.look.map((line) =>
    fill(line, setting).replace(/^kubectl (get namespace|explain|config)?/, (_match, clusterWide?: string) =>
      clusterWide === undefined ? `${kubectlIn(setting)} ` : `${kubectlBare(setting)} ${clusterWide}`,
    ),
  )
}

/** `{namespace}` in texts. */
export const fill = (text: string, { namespace }: Pick<CommandSetting, 'namespace'>): string =>
  text.replaceAll('{namespace}', namespace)

/** `{pod}` in what is written to or looked for in each pod. */
export const inPod = (text: string, pod: string): string => text.replaceAll('{pod}', pod)

/** A manifest names its namespace. For another one it is rewritten on the way, as sts-lab does itself. */
function applyLine(file: string, setting: CommandSetting): string {
  const path = quoted(`${setting.manifests}/${file}`)
  if (setting.namespace === setting.labNamespace) return `${kubectlBare(setting)} apply -f ${path}`
  return `sed -E 's/(name|namespace): ${setting.labNamespace}$/\\1: ${setting.namespace}/' ${path} | ${kubectlBare(setting)} apply -f -`
}

function kubectlBare({ context, kubeconfig }: CommandSetting): string {
  const file = kubeconfig === null ? '' : ` --kubeconfig ${quoted(kubeconfig)}`
  return `kubectl${file}${context === null ? '' : ` --context ${quoted(context)}`}`
}

const kubectlIn = (setting: CommandSetting): string => `${kubectlBare(setting)} -n ${setting.namespace}`

const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`

const RESOURCE: Readonly<Record<DeletedObjects['kind'], string>> = {
  StatefulSet: 'statefulset',
  Service: 'service',
  PersistentVolumeClaim: 'pvc',
  Pod: 'pod',
  Namespace: 'namespace',
}
