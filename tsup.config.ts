import { defineConfig } from 'tsup'
import { bins, published, readWorkspace } from './packages/tools/src/workspace/read.ts'

/** One build for all published packages: every `@wayfare/source` export and every bin is an entry. */
export default defineConfig(
  published(readWorkspace()).map((pkg) => {
    const { dir, manifest } = pkg
    const sources = Object.values(manifest.exports ?? {}).flatMap((target) =>
      typeof target === 'object' && target['@wayfare/source'] ? [target['@wayfare/source'].slice(2)] : [],
    )
    const dependencies = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
    return {
      name: manifest.name,
      entry: [...new Set([...sources, ...bins(pkg).map(({ source }) => source)])].map((source) => `${dir}/${source}`),
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
