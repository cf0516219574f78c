import type { ExecResult } from '../../src/ports.ts'

/** What READ_CLAIM prints of a folder with these files: path → content. */
export function listing(boundary: string, folder: string, files: ReadonlyMap<string, string>): string {
  const records = [...files].map(([path, text]) => {
    const kind = path.startsWith('.sts-lab-') ? 'token' : 'named'
    return `\n${boundary} file ${kind} ${text.length} 1700000000 42 1700000000 2023-11-14 22:13:20.25 +0000\n${folder}/${path}\n${text}`
  })
  const own = [...files.keys()].filter((path) => !path.startsWith('.sts-lab-'))
  return `${records.join('')}\n${boundary} end ${own.length} 0\n`
}

/** A command that went well. */
export const printed = (text: string): ExecResult => ({
  exitCode: 0,
  stdout: Buffer.from(text),
  stderr: Buffer.from(''),
  failure: null,
  truncated: false,
})

/** What the DNS probe prints for these names, as nslookup of busybox 1.36 does. */
export function lookups(
  boundary: string,
  names: readonly string[],
  addressesOf: (name: string) => readonly string[],
): string {
  const answers = names.map((name) => {
    const addresses = addressesOf(name)
    const said = addresses.map((address) => `Name:\t${name}\nAddress: ${address}\n`).join('')
    const head = `${boundary} ask ${name}\nServer:\t10.0.0.10\nAddress:\t10.0.0.10:53\n\n`
    return `${head}${said === '' ? `** server can't find ${name}: NXDOMAIN\n` : said}`
  })
  return `${answers.join('')}${boundary} end\n`
}
