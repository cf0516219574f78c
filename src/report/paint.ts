import { Chalk } from 'chalk'
import type { Verdict } from '../criteria/criterion.ts'

type Style = (text: string) => string

/** Colours by meaning. Without colour every style returns the text as it is. */
export interface Paint {
  readonly pass: Style
  readonly fail: Style
  readonly unsure: Style
  readonly strong: Style
  readonly dim: Style
  readonly action: Style
  readonly claim: Style
  readonly command: Style
}

export function createPaint(colour: boolean): Paint {
  const chalk = new Chalk({ level: colour ? 1 : 0 })
  return {
    pass: chalk.green,
    fail: chalk.red,
    unsure: chalk.yellow,
    strong: chalk.bold,
    dim: chalk.dim,
    action: chalk.magenta,
    claim: chalk.blue,
    command: chalk.cyan,
  }
}

/** Symbol and word of a verdict, so that it reads without colour and without Unicode. Six cells wide. */
export function verdictMark(verdict: Verdict, paint: Paint, unicode: boolean): string {
  switch (verdict) {
    case 'pass':
      return paint.pass(unicode ? '✔ PASS' : '+ PASS')
    case 'fail':
      return paint.fail(unicode ? '✘ FAIL' : 'x FAIL')
    case 'inconclusive':
      return paint.unsure('?     ')
  }
}
