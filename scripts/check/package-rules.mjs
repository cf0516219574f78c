// What package.json, the lock file and the bundle promise to whoever installs sts-lab.
import { readFile } from 'node:fs/promises'
import semver from 'semver'
import { bundle, bundledPackages } from '../bundle.mjs'

/** The oldest Node we run on; `engines` in package.json says the same. */
const OLDEST_NODE = '20.19.0'

const readJson = async (file) => JSON.parse(await readFile(file, 'utf8'))

/** One line for each rule that is broken; none when all hold. */
export async function packageProblems() {
  const manifest = await readJson('package.json')
  const lock = await readFile('package-lock.json', 'utf8')
  return [...manifestProblems(manifest), ...lockProblems(lock, manifest), ...(await bundleProblems())]
}

export function manifestProblems(manifest) {
  const problems = []
  for (const key of ['dependencies', 'optionalDependencies', 'peerDependencies'])
    if (manifest[key])
      problems.push(`package.json has "${key}": everything is bundled, so move them to devDependencies`)
  for (const [name, range] of Object.entries(manifest.devDependencies ?? {}))
    if (!semver.valid(range))
      problems.push(`package.json pins ${name} to "${range}": write one exact version`)
  if (semver.minVersion(manifest.engines?.node ?? '*')?.version !== OLDEST_NODE)
    problems.push(
      `package.json: engines.node is "${manifest.engines?.node}", but ${OLDEST_NODE} is what we check`,
    )
  return problems
}

export function lockProblems(text, manifest) {
  const problems = []
  if (text.includes('"resolved"'))
    problems.push(
      'package-lock.json names a registry ("resolved"): npm install --omit-lockfile-registry-resolved',
    )
  const { packages } = JSON.parse(text)
  const locked = packages['']
  for (const [name, version] of Object.entries(manifest.devDependencies ?? {}))
    if (locked.devDependencies?.[name] !== version)
      problems.push(
        `package-lock.json has ${name} ${locked.devDependencies?.[name]}, package.json ${version}`,
      )
  // A registry that lacks some platform's package makes npm leave it out, and then `npm ci` refuses the lock file.
  for (const [path, { optionalDependencies = {} }] of Object.entries(packages))
    for (const name of Object.keys(optionalDependencies))
      if (!Object.keys(packages).some((other) => other.endsWith(`node_modules/${name}`)))
        problems.push(`package-lock.json lacks ${name}, which ${path} may need: npm ci will refuse it`)
  return problems
}

async function bundleProblems() {
  const { metafile } = await bundle({ write: false, logLevel: 'silent' })
  const manifests = await Promise.all(
    bundledPackages(metafile).map((folder) => readJson(`${folder}/package.json`)),
  )
  return enginesProblems(manifests)
}

export const enginesProblems = (manifests) =>
  manifests
    .filter(({ engines }) => engines?.node && !semver.satisfies(OLDEST_NODE, engines.node))
    .map(
      ({ name, version, engines }) =>
        `${name} ${version} is bundled but needs Node ${engines.node}, not ${OLDEST_NODE}`,
    )
