import type { MountFacts, PodClaimFacts } from '../../timeline/facts.ts'
import { type ContainerSpec, containerSpecs } from './containers.ts'
import { at, list, text } from './shape.ts'

/** Where a pod's volumes are visible: those backed by a claim, and the others. */
export const parseMounts = (
  pod: unknown,
): { readonly claims: readonly PodClaimFacts[]; readonly otherMounts: readonly MountFacts[] } => {
  const mounts = containerSpecs(at(pod, 'spec')).flatMap((container) =>
    list(container.spec.volumeMounts).map((mount) => ({
      volume: text(at(mount, 'name')) ?? '',
      mount: parseMount(pod, container, mount),
    })),
  )
  const claims = list(at(pod, 'spec', 'volumes')).flatMap((item): readonly PodClaimFacts[] => {
    const volume = text(at(item, 'name')) ?? ''
    const claim = claimName(pod, volume, item)
    if (claim === null) return []
    return [{ volume, claim, mounts: mounts.filter((m) => m.volume === volume).map((m) => m.mount) }]
  })
  const claimed = new Set(claims.map((claim) => claim.volume))
  return { claims, otherMounts: mounts.filter((m) => !claimed.has(m.volume)).map((m) => m.mount) }
}

const claimName = (pod: unknown, volume: string, item: unknown): string | null => {
  const named = text(at(item, 'persistentVolumeClaim', 'claimName'))
  if (named !== null) return named
  // A generic ephemeral volume is a claim too; its controller names it so.
  if (at(item, 'ephemeral', 'volumeClaimTemplate') === undefined) return null
  return `${text(at(pod, 'metadata', 'name')) ?? ''}-${volume}`
}

const parseMount = (pod: unknown, container: ContainerSpec, mount: unknown): MountFacts => ({
  container: container.name,
  init: container.init,
  path: text(at(mount, 'mountPath')) ?? '',
  subPath: subPath(pod, container, mount),
  readOnly: at(mount, 'readOnly') === true,
})

/** subPathExpr is expanded from the container's variables: `$(POD_NAME)` on a shared claim is a common pattern. Unknown ones stay as written. */
const subPath = (pod: unknown, container: ContainerSpec, mount: unknown): string => {
  const expression = text(at(mount, 'subPathExpr'))
  if (expression === null) return text(at(mount, 'subPath')) ?? ''
  return expression.replace(/\$\(([^)]+)\)/g, (whole, variable: string) => {
    const entry = list(container.spec.env).find((env) => at(env, 'name') === variable)
    return (
      text(at(entry, 'value')) ?? fieldOf(pod, text(at(entry, 'valueFrom', 'fieldRef', 'fieldPath'))) ?? whole
    )
  })
}

const fieldOf = (pod: unknown, path: string | null): string | null => {
  if (path === null) return null
  const label = /^metadata\.labels\['(.+)'\]$/.exec(path)?.[1]
  return label === undefined ? text(at(pod, ...path.split('.'))) : text(at(pod, 'metadata', 'labels', label))
}
