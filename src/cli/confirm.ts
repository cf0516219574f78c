import { interruptedError } from '../errors.ts'

/** A yes or no on the terminal; Enter alone is no unless `otherwise` says yes. @throws LabError 'interrupted' on Ctrl-C. */
export async function confirm(
  question: string,
  signal: AbortSignal,
  { otherwise = false }: { readonly otherwise?: boolean } = {},
): Promise<boolean> {
  const { default: inquirer } = await import('inquirer')
  const prompt = inquirer.createPromptModule({ output: process.stderr, signal })
  try {
    const { yes } = await prompt<{ yes: boolean }>([
      { type: 'confirm', name: 'yes', message: question, default: otherwise },
    ])
    return yes
  } catch (error) {
    // Its own way of saying Ctrl-C, in raw mode, where no signal is sent.
    if (signal.aborted || (error instanceof Error && error.name === 'ExitPromptError'))
      throw interruptedError()
    throw error
  }
}
