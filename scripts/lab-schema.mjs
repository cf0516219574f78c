// `node scripts/lab-schema.mjs`: labs/lab.schema.json from the schema that sts-lab itself reads labs with, for editors.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const FILE = 'labs/lab.schema.json'

/** The text that the file has to have. */
async function schemaText() {
  // Where zod is found, and git does not look.
  const folder = await mkdtemp('node_modules/.lab-schema-')
  try {
    const outfile = join(folder, 'schema.mjs')
    await build({
      stdin: {
        contents: `export { labSchema } from './src/lab/schema/lab.ts'; export { z } from 'zod'`,
        resolveDir: process.cwd(),
      },
      bundle: true,
      packages: 'external',
      format: 'esm',
      platform: 'node',
      outfile,
      logLevel: 'silent',
    })
    const { labSchema, z } = await import(pathToFileURL(outfile).href)
    const { $schema, ...schema } = z.toJSONSchema(labSchema, { io: 'input', target: 'draft-7' })
    const title = 'A lab of sts-lab'
    return `${JSON.stringify({ $schema, title, ...readable(schema) }, null, 2)}\n`
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Without what is of no use to an editor: bounds that only say "a safe integer", and an id pattern for keys. */
function readable(schema) {
  if (Array.isArray(schema)) return schema.map(readable)
  if (typeof schema !== 'object' || schema === null) return schema
  const entries = Object.entries(schema).filter(
    ([key, value]) =>
      !(['minimum', 'maximum'].includes(key) && Math.abs(value) === Number.MAX_SAFE_INTEGER) &&
      !(key === 'default' && value === null),
  )
  return Object.fromEntries(entries.map(([key, value]) => [key, readable(value)]))
}

/** One line when the file is not what the schema says. */
export async function labSchemaProblems() {
  const kept = await readFile(FILE, 'utf8').catch(() => null)
  return kept === (await schemaText()) ? [] : [`${FILE} is not up to date: node scripts/lab-schema.mjs`]
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await writeFile(FILE, await schemaText())
