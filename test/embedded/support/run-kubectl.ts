import { spawn, spawnSync } from 'node:child_process'

/** One command line of kubectl, and how what is said on two clusters may differ. */
export interface KubectlCase {
  readonly args: string
  /** Why the words may differ from those of kubectl on a Kubernetes 1.20. */
  readonly differs?: string
  /** What is said all the same. */
  readonly says?: string
  /** Lines that are left out of the comparison, on both sides. */
  readonly but?: RegExp
  /** Lines count, their order does not. */
  readonly inAnyOrder?: true
  /** How often something is said on the way depends on when one looks: only the last line counts. */
  readonly atLast?: true
  /** What edits, for `kubectl edit`. */
  readonly editor?: string
  readonly input?: string
}

export type Said = Readonly<Record<string, string>>

/** Each kubectl has its own words: they can be compared only with those of the one that was recorded. */
export const isRecordedKubectl = (): boolean =>
  /v1\.32\./.test(spawnSync('kubectl', ['version', '--client'], { encoding: 'utf8' }).stdout ?? '')

export const keyOf = ({ args }: KubectlCase, index: number): string => `${index} ${args}`

const READING =
  /^(get|describe|explain|logs|auth|api-|cluster-info|rollout history|top|wait --for=condition=No)/
/** There are two cores, and kubectl takes most of one to begin. */
const AT_ONCE = 3

/** Runs all commands in a namespace of their own; what each said (and its exit code), by its place and words. */
export async function runAll(
  cases: readonly KubectlCase[],
  config: readonly string[],
  namespace: string,
  dir: string,
): Promise<Said> {
  await kubectl(config, ['create', 'namespace', namespace])
  const said: Record<string, string> = {}
  const run = async (one: KubectlCase, index: number) => {
    const words = one.args.split(' ').map((word) => word.replace('{dir}', dir).replace('{ns}', namespace))
    const output = await kubectl([...config, '-n', namespace], words, one)
    said[keyOf(one, index)] = plain(output.replaceAll(dir, '{dir}').replaceAll(namespace, '{ns}'))
  }
  let together: Promise<void>[] = []
  for (const [index, one] of cases.entries()) {
    const reads = READING.test(one.args)
    if (!reads || together.length >= AT_ONCE) {
      await Promise.all(together)
      together = []
    }
    if (reads) together.push(run(one, index))
    else await run(one, index)
  }
  await Promise.all(together)
  await kubectl(config, ['delete', 'namespace', namespace, '--wait=false'])
  // Those that ran together came in any order.
  return Object.fromEntries(cases.map((one, index) => [keyOf(one, index), said[keyOf(one, index)] ?? '']))
}

/** What is kept of a real cluster's words: of those that are not compared, why. */
export const recorded = (cases: readonly KubectlCase[], said: Said): string => {
  const kept = cases.map((one, index) => {
    const key = keyOf(one, index)
    return [key, one.differs === undefined ? said[key] : `not compared: ${one.differs}`] as const
  })
  return `${JSON.stringify(Object.fromEntries(kept), null, 1)}\n`
}

/** Without times, ages, UIDs, versions, addresses, and names that somebody made up. */
function plain(output: string): string {
  return output
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '{time}')
    .replace(/(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g, '{time}')
    .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '{uid}')
    .replace(/\b[0-9a-f]{64}\b/g, '{digest}')
    .replace(/resourceVersion: "\d+"/g, 'resourceVersion: "{version}"')
    .replace(/\(x\d+ over [^)]*\)/g, '')
    .replace(/\b\d+m?\d*[sm](?: ago\))? +/g, '{age} ')
    .replace(/\b\d+m?\d*[sm]$/gm, '{age}')
    .replace(/\b10\.(?:96|244)\.\d+\.\d+/g, '{ip}')
    .replace(/\b(?:native|embedded)-node\b/g, '{node}')
    .replace(/\bweb-[0-9a-z]{8,10}\b/g, 'web-{hash}')
    .replace(/edit-\d+\.yaml/g, 'edit-{n}.yaml')
    .replace(/^WARNING: version difference.*\n/gm, '')
    .replace(/^Warning: v1 Endpoints is deprecated.*\n/gm, '')
}

/** What two clusters are held against each other by. */
export function compared(text: string, { but, inAnyOrder, atLast }: KubectlCase): string {
  const lines = text
    // Newer servers have a column, a label more.
    .replace(/ VOLUMEATTRIBUTESCLASS\b| <unset>|apps\.kubernetes\.io\/pod-index=\d+,/g, '')
    .split('\n')
    .map((line) => line.trimEnd().replace(/ {2,}/g, '  '))
    .filter((line) => but === undefined || !but.test(line))
  if (atLast) return lines.slice(-2).join('\n')
  return (inAnyOrder ? [...new Set(lines)].sort() : lines).join('\n')
}

function kubectl(
  config: readonly string[],
  args: readonly string[],
  { editor, input }: Pick<KubectlCase, 'editor' | 'input'> = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('kubectl', [...config, ...args], {
      env: { PATH: process.env.PATH, HOME: process.env.HOME, KUBE_EDITOR: editor ?? 'true' },
    })
    child.stdin.end(input ?? '')
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    child.on('error', reject)
    child.on('close', (code) => resolve(`${output.trimEnd()}\n[${code}]`))
  })
}
