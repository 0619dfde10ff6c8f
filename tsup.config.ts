import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { defineConfig } from 'tsup'

interface Manifest {
  private?: boolean
  exports?: Record<string, string | Record<string, string>>
  bin?: Record<string, string>
}

/** One build for all published packages: every `@wayfare/source` export and every bin is an entry. */
export default defineConfig(
  readdirSync('packages').flatMap((name) => {
    const file = `packages/${name}/package.json`
    if (!existsSync(file)) return []
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest
    if (manifest.private) return []
    const sources = Object.values(manifest.exports ?? {}).flatMap((target) =>
      typeof target === 'object' && target['@wayfare/source'] ? [target['@wayfare/source']] : [],
    )
    const bins = Object.values(manifest.bin ?? {}).map((bin) =>
      bin.replace('./dist/', './src/').replace(/\.js$/, '.ts'),
    )
    const entry = [...new Set([...sources, ...bins])].map((source) => `packages/${name}/${source.slice(2)}`)
    return {
      name,
      entry,
      outDir: `packages/${name}/dist`,
      format: ['esm' as const],
      target: 'node20',
      tsconfig: 'tsconfig.base.json',
      dts: false,
      sourcemap: true,
      clean: false,
      silent: true,
    }
  }),
)
