import { defineConfig } from 'tsup'
import { published, readWorkspace } from './packages/tools/src/workspace/read.ts'

/** One build for all published packages: every `@wayfare/source` export and every bin is an entry. */
export default defineConfig(
  published(readWorkspace()).map(({ dir, manifest }) => {
    const sources = Object.values(manifest.exports ?? {}).flatMap((target) =>
      typeof target === 'object' && target['@wayfare/source'] ? [target['@wayfare/source']] : [],
    )
    const bins = Object.values(manifest.bin ?? {}).map((bin) =>
      bin.replace('./dist/', './src/').replace(/\.js$/, '.ts'),
    )
    const dependencies = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
    return {
      name: manifest.name,
      entry: [...new Set([...sources, ...bins])].map((source) => `${dir}/${source.slice(2)}`),
      outDir: `${dir}/dist`,
      format: ['esm' as const],
      target: 'node20',
      tsconfig: 'tsconfig.base.json',
      // tsup leaves out what the manifest beside it names, and that is the root's.
      external: dependencies.map((name) => new RegExp(`^${name}(/|$)`)),
      dts: false,
      sourcemap: true,
      clean: false,
      silent: true,
    }
  }),
)
