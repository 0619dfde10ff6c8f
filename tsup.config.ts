import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { defineConfig, type Options } from 'tsup'
import { bins, published, readWorkspace } from './packages/tools/src/workspace/read.ts'

type Plugin = NonNullable<Options['esbuildPlugins']>[number]

/** One build for all published packages: every `@wayfare/source` export and every bin is an entry. */
export default defineConfig(
  published(readWorkspace()).map((pkg) => {
    const { dir, manifest } = pkg
    const sources = Object.values(manifest.exports ?? {}).flatMap((target) =>
      typeof target === 'object' && target['@wayfare/source'] ? [target['@wayfare/source'].slice(2)] : [],
    )
    const dependencies = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
    const entry = [...new Set([...sources, ...bins(pkg).map(({ source }) => source)])].map(
      (source) => `${dir}/${source}`,
    )
    return {
      name: manifest.name,
      // By name: tsup takes a list for patterns, and what it finds has no certain order, on which the files that are made depend.
      entry: Object.fromEntries(entry.map((source) => [source.slice(`${dir}/src/`.length, -'.ts'.length), source])),
      outDir: `${dir}/dist`,
      format: ['esm' as const],
      target: 'node20',
      tsconfig: 'tsconfig.base.json',
      // tsup leaves out what the manifest beside it names, and that is the root's.
      external: dependencies.map((name) => new RegExp(`^${name}(/|$)`)),
      // CommonJS stays what it is: that is why it is written so.
      loader: { '.cjs': 'copy' as const },
      esbuildPlugins: [sharedWith(`${dir}/src/index.ts`, entry)],
      // Two fifths of the time of an import is spent on reading what it imports; names stay, for stack traces.
      minifyWhitespace: true,
      minifySyntax: true,
      dts: false,
      sourcemap: true,
      clean: false,
      silent: true,
    }
  }),
)

/**
 * Makes one file of all that the main entry shares with others. esbuild makes one for each set of entries that share
 * something, and each file costs whoever imports the main entry a millisecond.
 */
function sharedWith(main: string, entries: readonly string[]): Plugin {
  const others = new Set(entries.filter((entry) => entry !== main).map((entry) => resolve(entry)))
  return {
    name: 'shared with the main entry',
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        if (!others.has(resolve(path))) return undefined
        return {
          contents: `${readFileSync(path, 'utf8')}\nimport {} from ${JSON.stringify(resolve(main))}\n`,
          loader: 'ts',
        }
      })
    },
  }
}
