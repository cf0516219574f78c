import { LabError } from '../errors.ts'
import type { ExecResult } from '../ports.ts'
import type { MountFacts, PodFacts, StatefulSetFacts } from '../timeline/facts.ts'
import { printable } from '../timeline/printable.ts'
import { groupByNode, mountsOf, type Place, placesOf, sharedPlacesOf } from './claim-places.ts'
import { MAX_READING_BYTES, parseListing, READ_CLAIM, REMOVE_TOKEN, TOKEN_PREFIX } from './claim-script.ts'
import { removeHelperPod, startHelperPod } from './helper-pod.ts'
import { eachAtOnce, type Session } from './session.ts'

const EXEC_TIMEOUT_MS = 30_000

export interface ClaimReader {
  /** Writes our token onto every claim of these pods and reads what is there; appends 'content' or 'unreadable' readings. */
  writeTokens(pods: readonly PodFacts[], set: StatefulSetFacts): Promise<void>
  /**
   * Reads every claim of these pods; appends 'content' or 'unreadable' readings.
   * @param shared of a set without claim templates, reads what claims its pods use instead, for people to see.
   */
  read(
    pods: readonly PodFacts[],
    set: StatefulSetFacts,
    options?: { readonly shared: boolean },
  ): Promise<void>
  /** Removes our tokens; with a signal of its own, since it is clean-up. @returns false when some may be left. */
  removeTokens(pods: readonly PodFacts[], set: StatefulSetFacts, signal: AbortSignal): Promise<boolean>
  dispose(signal: AbortSignal): Promise<void>
}

interface Access {
  readonly pod: string
  readonly container: string
  readonly folder: string
  /** Paths inside the folder where other volumes are mounted. */
  readonly prune: readonly string[]
  readonly via: string
}

/**
 * Reads claims where they are mounted, by exec in the pod itself; where that cannot be (no shell, read-only
 * mount, only an init container mounts it), through a reader pod on the same node that exists only for the moment of
 * reading, so that it never holds a claim while the set changes.
 */
export function createClaimReader(session: Session): ClaimReader {
  const readers = createReaderPods(session)
  // What exec could not do for a template once, it will not do for its other pods or later: they are alike.
  const needsReader = new Set<string>()

  async function visit(places: readonly Place[], write: boolean): Promise<void> {
    const left: Place[] = []
    await eachAtOnce(places, async (place) => {
      const key = `${place.template}${write ? '+token' : ''}`
      if (!needsReader.has(key) && (await tryMounts(session, place, write)) === null) return
      needsReader.add(key)
      left.push(place)
    })
    await readers.visit(session, left, async (place, reader) => {
      const problem =
        'failure' in reader
          ? `no pod could read it: ${reader.failure}`
          : await readPlace(session, place, reader, write)
      if (problem !== null) unreadable(session, place, problem)
    })
  }

  return {
    writeTokens: (pods, set) => visit(placesOf(pods, set, session.state), true),
    read(pods, set, options) {
      const places = placesOf(pods, set, session.state)
      const instead = places.length === 0 && options?.shared === true
      return visit(instead ? sharedPlacesOf(pods) : places, false)
    },
    async removeTokens(pods, set, signal) {
      const cleaner: Session = { ...session, signal }
      const left: Place[] = []
      await eachAtOnce(placesOf(pods, set, session.state), async (place) => {
        const mounts = mountsOf(place).filter((mount) => !mount.init && !mount.readOnly)
        for (const mount of mounts) if (await removeToken(cleaner, place, accessThrough(place, mount))) return
        left.push(place)
      })
      let removed = true
      await readers.visit(cleaner, left, async (place, reader) => {
        if ('failure' in reader || !(await removeToken(cleaner, place, reader))) removed = false
      })
      return removed
    },
    dispose: (signal) => readers.dispose({ ...session, signal }),
  }
}

interface ReaderPods {
  /** Calls `work` for each place with access through a reader pod on the place's node, or with why there is none. */
  visit(
    session: Session,
    places: readonly Place[],
    work: (place: Place, reader: Access | { readonly failure: string }) => Promise<void>,
  ): Promise<void>
  dispose(session: Session): Promise<void>
}

function createReaderPods(owner: Session): ReaderPods {
  const alive = new Set<string>()
  let number = 0
  return {
    async visit(session, places, work) {
      await eachAtOnce([...groupByNode(places)], async ([node, group]) => {
        number += 1
        const name = `sts-lab-reader-${owner.runId}-${number}`
        const claims = [...new Set(group.map((place) => place.claim))]
        alive.add(name)
        const spec = { name, claims, restricted: false, ...(node === '' ? {} : { node }) }
        try {
          const failure = await session.meter
            .cluster(() => startHelperPod(session, spec))
            .catch((error: unknown) => (error instanceof Error ? error.message : String(error)))
          await eachAtOnce(group, (place) =>
            work(place, failure === null ? accessThroughReader(place, name, claims) : { failure }),
          )
        } finally {
          await session.meter
            .cluster(() => removeHelperPod(session, name, session.signal, true))
            .then(
              () => alive.delete(name),
              () => undefined, // dispose() tries again, with a signal that still works
            )
        }
      })
    },
    async dispose(session) {
      await eachAtOnce([...alive], (name) => removeHelperPod(session, name, session.signal, false))
    },
  }
}

function accessThroughReader(place: Place, pod: string, claims: readonly string[]): Access {
  const root = `/claims/${claims.indexOf(place.claim)}`
  const subPath = mountsOf(place)[0]?.subPath ?? ''
  return {
    pod,
    container: 'probe',
    folder: subPath === '' ? root : `${root}/${subPath}`,
    prune: [],
    via: `reader pod ${pod}`,
  }
}

/** The file name of our token: it names the run and the pod, so that one volume under two pods is noticed. */
const tokenFile = (session: Session, pod: string): string => `${TOKEN_PREFIX}${session.runId}-${pod}`

/** @returns null once read, else why no container of the pod would do. */
async function tryMounts(session: Session, place: Place, write: boolean): Promise<string | null> {
  const mounts = mountsOf(place).filter((mount) => !mount.init && !(write && mount.readOnly))
  let problem = 'no running container mounts it'
  for (const mount of mounts) {
    const outcome = await readPlace(session, place, accessThrough(place, mount), write)
    if (outcome === null) return null
    problem = outcome
  }
  return problem
}

function accessThrough(place: Place, mount: MountFacts): Access {
  const inside = [...place.pod.otherMounts, ...place.pod.claims.flatMap((used) => used.mounts)].filter(
    (other) =>
      other.container === mount.container && other.path.startsWith(`${mount.path.replace(/\/$/, '')}/`),
  )
  return {
    pod: place.pod.name,
    container: mount.container,
    folder: mount.path,
    prune: inside.map((other) => other.path.replace(/\/$/, '')),
    via: `exec in container ${mount.container}`,
  }
}

/** Reads one claim at one place. @returns null when the reading was appended, else why not. */
async function readPlace(
  session: Session,
  place: Place,
  access: Access,
  write: boolean,
): Promise<string | null> {
  const { timeline, runId } = session
  const boundary = `--${runId}-${place.pod.uid.slice(0, 8)}--`
  const token = `${runId} ${place.claim} ${place.pod.uid}`
  if (write)
    timeline.append({
      stream: 'run',
      type: 'action',
      action: { do: 'write-token', pod: place.pod.name, claim: place.claim, token },
    })
  const result = await run(session, access.pod, access.container, [
    'sh',
    '-c',
    READ_CLAIM,
    'sts-lab',
    boundary,
    place.pod.name,
    access.folder,
    write ? tokenFile(session, place.pod.name) : '',
    token,
    ...access.prune,
  ])
  if (typeof result === 'string') return result
  if (result.exitCode === null) return `no shell in its image (${printable(result.failure ?? '', 120)})`
  if (result.exitCode === 97) return 'its image lacks find, grep, head or stat'
  if (result.exitCode === 98) return `${access.folder} is not writable in the container`
  const listing = parseListing(result.stdout, boundary, access.folder)
  if (listing === null)
    return `reading ${access.folder} was cut short (exit code ${result.exitCode}): ${printable(result.stderr.toString('utf8'), 160)}`
  timeline.append({
    stream: 'run',
    type: 'reading',
    reading: {
      read: 'content',
      pod: place.pod.name,
      podUid: place.pod.uid,
      claim: place.claim,
      template: place.template,
      tokens: listing.tokens,
      files: listing.files,
      fileCount: listing.fileCount,
      partial: listing.partial,
      via: access.via,
    },
  })
  return null
}

async function removeToken(session: Session, place: Place, access: Access): Promise<boolean> {
  const result = await run(session, access.pod, access.container, [
    'sh',
    '-c',
    REMOVE_TOKEN,
    'sts-lab',
    access.folder,
    tokenFile(session, place.pod.name),
  ])
  return typeof result !== 'string' && result.exitCode === 0
}

/** @returns why, when the exec itself failed (connection, pod gone, no right to). An interruption propagates. */
async function run(
  session: Session,
  pod: string,
  container: string,
  command: readonly string[],
): Promise<ExecResult | string> {
  try {
    return await session.cluster.exec({
      namespace: session.namespace,
      pod,
      container,
      command,
      timeoutMs: EXEC_TIMEOUT_MS,
      maxBytes: MAX_READING_BYTES,
      signal: session.signal,
    })
  } catch (error) {
    if (error instanceof LabError && error.kind === 'interrupted') throw error
    const why = error instanceof LabError && error.code === 'forbidden' ? error.message : null
    return why === null ? 'the pod could not be reached' : `exec is not allowed: ${printable(why, 240)}`
  }
}

function unreadable(session: Session, place: Place, reason: string): void {
  session.timeline.append({
    stream: 'run',
    type: 'reading',
    reading: {
      read: 'unreadable',
      pod: place.pod.name,
      podUid: place.pod.uid,
      claim: place.claim,
      template: place.template,
      reason,
    },
  })
}
