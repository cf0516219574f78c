// `npm run build`: dist/ from src/, and the licences of what is bundled into it.
import { rename, rm, writeFile } from 'node:fs/promises'
import { bundle, bundledPackages } from './bundle.mjs'
import { licencesOf } from './licences.mjs'

// Built beside and swapped in, so that a sts-lab that starts meanwhile finds a whole dist/.
const fresh = `dist.new-${process.pid}`
const old = `dist.old-${process.pid}`
try {
  const { metafile } = await bundle({ outdir: fresh })
  // Read by the test that `--help` loads no client; not packed.
  await writeFile(`${fresh}/meta.json`, JSON.stringify(metafile).replaceAll(`"${fresh}/`, '"dist/'))
  await writeFile('THIRD_PARTY_LICENSES.md', await licencesOf(bundledPackages(metafile)))
  await rename('dist', old).catch((error) => {
    if (error.code !== 'ENOENT') throw error
  })
  await rename(fresh, 'dist')
} catch (error) {
  // esbuild has shown its own errors, with the lines they are in.
  if (!error.errors) throw error
  process.exitCode = 1
} finally {
  await rm(old, { recursive: true, force: true })
  await rm(fresh, { recursive: true, force: true })
}
