import { undecidedError } from '../errors.ts'
import { eachAtOnce, type Session } from './session.ts'

/** What putting everything back takes, whatever happens on the way. */
const ALWAYS = [
  { verb: 'delete', resource: 'pods' },
  { verb: 'patch', resource: 'configmaps' },
  { verb: 'delete', resource: 'configmaps' },
] as const
/** Growth adds claims. */
const AFTER_GROWTH = [{ verb: 'delete', resource: 'persistentvolumeclaims' }] as const

/**
 * Asked before the first change: a run that may create but not delete would leave its pods behind.
 * Rights that only cut the pass short, such as scaling, are not asked for: that is inconclusive, with the reason.
 *
 * @throws LabError 'forbidden' naming what is missing.
 */
export async function requireCleanUpRights(session: Session, grows: boolean): Promise<void> {
  const { cluster, namespace, signal } = session
  const needed = grows ? [...ALWAYS, ...AFTER_GROWTH] : ALWAYS
  const answers = await eachAtOnce(needed, async (right) => {
    const name = `${right.verb} ${right.resource}`
    try {
      return (await cluster.canI({ ...right, namespace }, signal)) ? [] : [name]
    } catch {
      return [] // a cluster that does not answer this question may well allow it
    }
  })
  const refused = answers.flat()
  if (refused.length > 0)
    throw undecidedError(
      'forbidden',
      `you may not ${refused.join(', ')} in namespace ${namespace}, so verify could not remove what it adds: nothing was changed`,
      `ask for the role "admin" in namespace ${namespace}, or see: kubectl auth can-i --list -n ${namespace}`,
    )
}
