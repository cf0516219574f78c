const SHELLS = new Set(['sh', 'ash', 'bash', 'dash'])
/** Programs that say 0 whatever there is to see. */
const ALWAYS_FINE = new Set([
  ':',
  'true',
  'echo',
  'printf',
  'sleep',
  'date',
  'hostname',
  'pwd',
  'whoami',
  'env',
])

/**
 * Whether a command ends with 0 whatever it finds: a probe that runs it asks nothing. What this cannot read (loops,
 * conditions, groups) counts as one that can fail.
 */
export function cannotFail(command: readonly string[]): boolean {
  const [program = '', option, script] = command
  const name = baseName(program)
  if (name === 'busybox') return cannotFail(command.slice(1))
  if (!SHELLS.has(name)) return isAlwaysFine(name)
  if (option === undefined || !/^-\w*c$/.test(option) || script === undefined) return false
  return !option.includes('e') && scriptCannotFail(script)
}

const baseName = (program: string): string => program.split('/').at(-1) ?? ''
const isAlwaysFine = (name: string): boolean => ALWAYS_FINE.has(name)

function scriptCannotFail(script: string): boolean {
  const bare = script
    .replaceAll(/\\\n/g, ' ')
    .replaceAll(/'[^']*'|"(?:\\.|[^"\\])*"/gs, 'quoted')
    .replaceAll(/(^|\s)#.*$/gm, '')
  if (/[(){}`]|(?:^|[\s;&|])(?:if|for|while|until|case|trap|exec|return)\s/.test(bare)) return false
  const statements = bare
    .split(/[\n;]/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
  const last = statements.pop()
  if (last === undefined) return true
  // What comes before the last says nothing, unless it ends the script.
  if (statements.some((statement) => /(^|\s)(exit|set)(\s|$)/.test(statement))) return false
  return chainCannotFail(last)
}

/** `a && b || c`, from the left. */
function chainCannotFail(chain: string): boolean {
  const [first = '', ...rest] = chain.split(/(&&|\|\|)/)
  let fine = pipelineCannotFail(first)
  for (let index = 0; index + 1 < rest.length; index += 2) {
    const next = pipelineCannotFail(rest[index + 1] ?? '')
    fine = rest[index] === '&&' ? fine && next : fine || next
  }
  return fine
}

/** The last command of a pipeline says how it ended. */
function pipelineCannotFail(pipeline: string): boolean {
  const words = (pipeline.split('|').at(-1) ?? '').trim().split(/\s+/)
  const [name = '', status = '0'] = words
  if (name === 'exit') return /^0+$/.test(status)
  return isAlwaysFine(baseName(name))
}
