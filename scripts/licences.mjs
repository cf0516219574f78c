// THIRD_PARTY_LICENSES.md: the packages whose code is in dist/ ask that their notice travels with it.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

const NOTICE_FILE = /^(licen[cs]e|copying|notice)([.-].*)?$/i

/** The Markdown text for these package folders. Throws when one states neither a licence nor a notice file. */
export async function licencesOf(folders) {
  const sections = await Promise.all(folders.map(sectionOf))
  const unique = [...new Set(sections)]
  return [
    '# Third-party licences\n',
    'sts-lab is distributed with its dependencies bundled in. They are, with their licences:\n',
    ...unique.sort(),
  ].join('\n')
}

async function sectionOf(folder) {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  const licence = typeof manifest.license === 'object' ? manifest.license.type : manifest.license
  const files = (await readdir(folder)).filter((name) => NOTICE_FILE.test(name)).sort()
  if (!licence && files.length === 0) throw new Error(`${folder}: no licence stated, so it cannot be bundled`)
  const notices = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))
  const text = notices
    .map((notice) => notice.replaceAll('\r\n', '\n').trim().replace(/^/gm, '    '))
    .join('\n\n')
  return `## ${manifest.name} ${manifest.version} (${licence ?? 'see below'})\n\n${text || `    ${licence}`}\n`
}
