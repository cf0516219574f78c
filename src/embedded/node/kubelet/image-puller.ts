import type { Container } from '../../shapes.ts'
import type { Image } from '../image/images.ts'
import { sleep, type Task } from '../os/fiber.ts'
import { pull } from './image-pull.ts'
import type { PodContext } from './pod-context.ts'

const FIRST_BACKOFF_MS = 10_000
const LONGEST_BACKOFF_MS = 300_000
const START_MS = 150
const RETRY_MS = 10_000

/** Gets a container's image, again and again where it cannot. */
export class ImagePuller {
  readonly #context: PodContext
  readonly #spec: () => Container
  readonly #told: (reason: string, message: string) => void
  #pullBackoffMs = 0

  constructor(context: PodContext, spec: () => Container, told: (reason: string, message: string) => void) {
    this.#context = context
    this.#spec = spec
    this.#told = told
  }

  /** The image, once it can be had. */
  *get(): Task<Image> {
    const { clock, say } = this.#context
    const name = this.#spec().image ?? ''
    for (;;) {
      const pulled = pull(name)
      if ('image' in pulled) {
        const { image } = pulled
        const always = this.#spec().imagePullPolicy === 'Always'
        if (always) say('Normal', 'Pulling', `Pulling image "${name}"`, this.#spec().name)
        if (always) yield* sleep(clock, START_MS)
        say(
          'Normal',
          'Pulled',
          always
            ? `Successfully pulled image "${name}" in ${START_MS}ms`
            : `Container image "${name}" already present on machine`,
          this.#spec().name,
        )
        return image
      }
      const { failure, message } = pulled
      if (failure === 'ErrImagePull' && this.#spec().imagePullPolicy === 'Never') {
        const absent = `Container image "${name}" is not present with pull policy of Never`
        say('Warning', 'ErrImageNeverPull', absent, this.#spec().name)
        say('Warning', 'Failed', 'Error: ErrImageNeverPull', this.#spec().name)
        this.#told('ErrImageNeverPull', absent)
        yield* sleep(clock, RETRY_MS)
        continue
      }
      if (failure === 'InvalidImageName') {
        say('Warning', 'InspectFailed', message, this.#spec().name)
        say('Warning', 'Failed', `Error: ${failure}`, this.#spec().name)
        this.#told(failure, message)
        yield* sleep(clock, RETRY_MS)
        continue
      }
      say('Normal', 'Pulling', `Pulling image "${name}"`, this.#spec().name)
      yield* sleep(clock, 2 * START_MS)
      say('Warning', 'Failed', `Failed to pull image "${name}": ${message}`, this.#spec().name)
      say('Warning', 'Failed', `Error: ${failure}`, this.#spec().name)
      this.#told(failure, message)
      yield* sleep(clock, 1000)
      say('Normal', 'BackOff', `Back-off pulling image "${name}"`, this.#spec().name)
      say('Warning', 'Failed', 'Error: ImagePullBackOff', this.#spec().name)
      this.#told('ImagePullBackOff', `Back-off pulling image "${name}"`)
      this.#pullBackoffMs = Math.min(
        LONGEST_BACKOFF_MS,
        this.#pullBackoffMs === 0 ? FIRST_BACKOFF_MS : this.#pullBackoffMs * 2,
      )
      yield* sleep(clock, this.#pullBackoffMs)
    }
  }
}
