import { usageError } from '../../errors.ts'
import type { ExitCode } from '../../exit-codes.ts'
import { exitCodeOf } from '../../run/exit-code.ts'
import { judge } from '../../run/judge.ts'
import { readRecording } from '../../timeline/jsonl.ts'
import { type Format, printResult } from '../print-result.ts'
import type { Services } from '../services.ts'
import { debriefed, labOf } from '../verification.ts'

/**
 * `sts-lab replay FILE`: judges a recording that `verify --evidence` wrote, without a cluster. The verdicts are the
 * same functions', so a grader can check, and a student contest, what was claimed.
 */
export async function replay(
  flags: { readonly file: string; readonly output: Format; readonly debrief?: boolean },
  services: Services,
): Promise<ExitCode> {
  const text = await services.files.read(flags.file)
  if (text === null)
    throw usageError(
      'no-such-file',
      `there is no file ${flags.file}`,
      'sts-lab verify --evidence FILE writes one',
    )
  const { header, observations } = readRecording(text, flags.file)
  const last = observations.at(-1)
  const result = {
    schemaVersion: 1 as const,
    tool: { name: 'sts-lab' as const, version: services.version },
    lab: header.lab,
    cluster: header.cluster,
    target: {
      namespace: header.target.namespace,
      statefulSet: header.target.name === '' ? null : header.target.name,
      uid: header.target.uid,
    },
    startedAt: header.startedAt,
    durationMs: last === undefined ? 0 : Math.max(0, Date.parse(last.at) - Date.parse(header.startedAt)),
    ...judge({ observations, target: header.target }),
    error: null,
  }
  const lab = flags.debrief === false ? null : await labOf(header.lab, services)
  const debrief = lab !== null && debriefed(lab)
  await printResult(result, observations, flags.output, services.terminal, { debrief })
  return exitCodeOf(result)
}
