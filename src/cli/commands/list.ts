import { EXIT, type ExitCode } from '../../exit-codes.ts'
import { formatProblem } from '../../lab/problem.ts'
import { createPaint } from '../../report/paint.ts'
import { readLabs } from '../labs.ts'
import { latestProgress } from '../progress-file.ts'
import type { Services } from '../services.ts'

export interface ListOptions {
  readonly output: 'text' | 'json'
}

/** `sts-lab list`: the labs there are, and how far one is in each. */
export async function list(options: ListOptions, services: Services): Promise<ExitCode> {
  const { terminal } = services
  const { labs, problems } = await readLabs(services)
  const rows = await Promise.all(
    labs.map(async (lab) => {
      const kept = await latestProgress(services, lab)
      const done = lab.steps.filter(({ id }) => kept?.steps[id]?.doneAt != null).length
      return {
        id: lab.id,
        title: lab.title,
        summary: lab.summary,
        minutes: lab.minutes,
        steps: lab.steps.length,
        done,
        current: kept?.current ?? null,
      }
    }),
  )
  if (options.output === 'json')
    terminal.out(`${JSON.stringify({ schemaVersion: 1, labs: rows }, null, 2)}\n`)
  else {
    const paint = createPaint(terminal.colour)
    const width = Math.max(...rows.map(({ id }) => id.length))
    for (const row of rows) {
      terminal.out(`${paint.strong(row.id.padEnd(width))}  ${row.title} (${row.minutes} min)\n`)
      terminal.out(`${' '.repeat(width)}  ${row.summary}\n`)
      const far = row.steps === 0 ? `judged by: sts-lab verify ${row.id}` : standing(row)
      terminal.out(`${' '.repeat(width)}  ${paint.dim(far)}\n`)
    }
  }
  for (const problem of problems) terminal.err(`${formatProblem(problem)}\n`)
  return problems.length > 0 ? EXIT.usage : EXIT.passed
}

function standing({
  id,
  done,
  steps,
  current,
}: {
  id: string
  done: number
  steps: number
  current: string | null
}): string {
  if (done === 0 && current === null) return `not begun: sts-lab start ${id}`
  if (current === null) return `finished, ${done} of ${steps} steps done`
  return `${done} of ${steps} steps done, next: ${current}`
}
