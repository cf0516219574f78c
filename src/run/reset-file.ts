import type { StudentFolder } from './fill-tools.ts'

/** What became of a file that was given back. `kept`: where the student's own is now. */
export interface GivenBack {
  readonly file: string
  readonly change: 'untouched' | 'created' | { readonly kept: string }
}

/**
 * Gives back a file as it was handed out. What the student wrote is kept beside it first, under the next free
 * number (statefulset.yaml.1, .2 …).
 */
export async function giveBack(student: StudentFolder, file: string, template: string): Promise<GivenBack> {
  const own = await student.read(file)
  if (own === null) {
    await student.create(file, template)
    return { file, change: 'created' }
  }
  if (own === template) return { file, change: 'untouched' }
  let kept = `${file}.1`
  for (let number = 2; !(await student.create(kept, own)); number++) kept = `${file}.${number}`
  await student.replace(file, template)
  return { file, change: { kept } }
}
