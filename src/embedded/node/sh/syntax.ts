/** A piece of a word. `quoted`: no splitting, no file names. */
export type Part =
  | { readonly part: 'text'; readonly text: string; readonly quoted: boolean }
  | {
      readonly part: 'variable'
      readonly name: string
      /** '' for a plain one, '#' for the length. */
      readonly operator: string
      readonly word: Word
      readonly quoted: boolean
    }
  | { readonly part: 'command'; readonly body: Command; readonly quoted: boolean }
  | { readonly part: 'arithmetic'; readonly word: Word; readonly quoted: boolean }
  | { readonly part: 'tilde'; readonly user: string }

export type Word = readonly Part[]

export interface Redirection {
  readonly fd: number
  readonly operator: '<' | '>' | '>>' | '>|' | '<>' | '<&' | '>&' | 'here'
  readonly target: Word
}

export interface Assignment {
  readonly name: string
  readonly word: Word
}

export type Command = { readonly redirections: readonly Redirection[] } & (
  | { readonly type: 'simple'; readonly assignments: readonly Assignment[]; readonly words: readonly Word[] }
  | { readonly type: 'pipeline'; readonly commands: readonly Command[]; readonly negated: boolean }
  | { readonly type: 'and' | 'or'; readonly left: Command; readonly right: Command }
  | {
      readonly type: 'list'
      readonly items: readonly { readonly command: Command; readonly background: boolean }[]
    }
  | {
      readonly type: 'if'
      readonly clauses: readonly { readonly condition: Command; readonly body: Command }[]
      readonly otherwise: Command | null
    }
  | { readonly type: 'while'; readonly until: boolean; readonly condition: Command; readonly body: Command }
  | {
      readonly type: 'for'
      readonly name: string
      readonly words: readonly Word[] | null
      readonly body: Command
    }
  | {
      readonly type: 'case'
      readonly word: Word
      readonly arms: readonly { readonly patterns: readonly Word[]; readonly body: Command }[]
    }
  | { readonly type: 'group' | 'subshell'; readonly body: Command }
  | { readonly type: 'function'; readonly name: string; readonly body: Command }
)

/** What the text says is no shell. `incomplete`: more text could mend it. */
export class BadSyntax extends Error {
  readonly incomplete: boolean

  constructor(message: string, incomplete = false) {
    super(message)
    this.name = 'BadSyntax'
    this.incomplete = incomplete
  }
}
