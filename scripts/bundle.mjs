// How src/main.ts becomes dist/: one call, used by the build and by the checks on what is bundled.
import { build } from 'esbuild'

/**
 * Bundles src/main.ts with every dependency, and beside it the background process of the embedded cluster. Bundling is what makes start-up small: the Kubernetes
 * client alone is 826 files. Every command is behind `import()`, so esbuild splits it off.
 * `write: false` keeps the result in memory (`outputFiles`); the metafile says what went where.
 */
export const bundle = ({ outdir = 'dist', write = true, logLevel = 'warning' } = {}) =>
  build({
    entryPoints: { main: 'src/main.ts', 'embedded-cluster': 'src/embedded/daemon.ts' },
    outdir,
    write,
    metafile: true,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    minify: true,
    keepNames: true,
    legalComments: 'none',
    chunkNames: 'chunks/[name]-[hash]',
    // CommonJS dependencies call require() for Node's own modules.
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
    logLevel,
  })

/** The folders of the packages that a metafile's inputs come from, e.g. `node_modules/ws`, sorted. */
export function bundledPackages(metafile) {
  const folders = new Set()
  for (const input of Object.keys(metafile.inputs)) {
    const match = /^(?<folder>(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)
    if (match?.groups) folders.add(match.groups.folder)
  }
  return [...folders].sort()
}
