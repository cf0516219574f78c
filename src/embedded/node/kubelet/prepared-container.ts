import { at, listAt, textAt } from '../../object.ts'
import type { Container } from '../../shapes.ts'
import { quantityValue } from '../../validate/quantity.ts'
import type { Image } from '../image/images.ts'
import { sleep, type Task } from '../os/fiber.ts'
import { Machine } from '../os/machine.ts'
import { ContainerMemory } from '../os/memory.ts'
import { programNamed } from '../programs/index.ts'
import { filesOf } from './container-files.ts'
import { bytesOf, environmentOf, expanded } from './environment.ts'
import { type PodContext, podText } from './pod-context.ts'
import { Refusal } from './refusal.ts'
import type { Identity } from './running-container.ts'

/** What a container is started with. */
interface Prepared {
  readonly machine: Machine
  readonly command: readonly string[]
  readonly identity: Identity
}

/** @throws Refusal for what the container needs and is not there */
function prepare(context: PodContext, spec: Container, image: Image): Prepared {
  const { clock, client, sandbox, place, pod } = context
  const security = (key: string) => at(spec.securityContext, key) ?? at(pod().spec.securityContext, key)
  const uid = Number(security('runAsUser') ?? 0)
  if (security('runAsNonRoot') === true && uid === 0)
    throw new Refusal(
      'CreateContainerConfigError',
      `container has runAsNonRoot and image will run as root (pod: "${podText(pod())}", container: ${spec.name})`,
    )
  const env = environmentOf(client, pod(), spec, image.env, place)
  const variable = (name: string) => env.get(name) ?? null
  const words = (given: readonly string[]) => given.map((word) => expanded(bytesOf(word), variable))
  const command =
    spec.command !== undefined
      ? [...words(spec.command), ...words(spec.args ?? [])]
      : spec.args !== undefined
        ? image.command[0] === 'nginx' || image.command[0] === 'sh'
          ? words(spec.args)
          : [...image.command, ...words(spec.args)]
        : image.command
  const machine = new Machine({
    clock,
    files: filesOf(context, spec, image, variable),
    sandbox,
    programs: programNamed,
    hostname: place.hostname,
    version: image.version,
    memory: new ContainerMemory(context.memory, memoryLimitOf(spec)),
  })
  const cwd = spec.workingDir ?? '/'
  if (machine.files.peek(cwd) === null)
    machine.files.create(cwd, '/', (device) => device.dir(), { uid: 0, gid: 0 })
  machine.files.readOnly = security('readOnlyRootFilesystem') === true
  const gid = Number(security('runAsGroup') ?? 0)
  const fsGroup = at(pod().spec.securityContext, 'fsGroup')
  const groups = [
    ...listAt(pod().spec.securityContext, 'supplementalGroups').map(Number),
    ...(typeof fsGroup === 'number' ? [fsGroup] : []),
  ]
  return { machine, command, identity: { uid, gid, groups, cwd, env } }
}

/** Bytes; undefined without a limit of its own. */
function memoryLimitOf(spec: Container): number | undefined {
  const limit = textAt(spec, 'resources', 'limits', 'memory')
  return limit === '' ? undefined : (quantityValue(limit) ?? undefined)
}

const RETRY_MS = 10_000

/** Once it can be prepared; what it lacks may come. @param refused told of each time that it cannot */
export function* prepareAtLast(
  context: PodContext,
  spec: Container,
  image: Image,
  refused: (reason: string, message: string) => void,
): Task<Prepared> {
  for (;;)
    try {
      return prepare(context, spec, image)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      context.say('Warning', 'Failed', `Error: ${error.message}`, spec.name)
      refused(error.reason, error.message)
      yield* sleep(context.clock, RETRY_MS)
    }
}
