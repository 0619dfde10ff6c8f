import { cpSync, existsSync, mkdirSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'
import { outFolder, root } from './places.ts'

/**
 * Puts the programs that measure into a folder of their own, and the built packages beside them as a user would have them
 * installed. What is measured stays the same although the repository is built anew meanwhile.
 */
export async function layOut(): Promise<void> {
  rmSync(outFolder, { recursive: true, force: true })
  const modules = join(outFolder, 'node_modules')
  for (const folder of readdirSync(join(root, 'packages'))) {
    const from = join(root, 'packages', folder)
    if (!existsSync(join(from, 'dist/index.js'))) continue
    for (const part of ['package.json', 'dist']) {
      cpSync(join(from, part), join(modules, '@wayfare', folder, part), { recursive: true })
    }
  }
  for (const [name, owner] of [
    ['undici', 'provider-kit'],
    ['zod', 'llm'],
  ] as const) {
    const link = join(modules, name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(realpathSync(join(root, 'packages', owner, 'node_modules', name)), link, 'junction')
  }
  const sources = join(root, 'packages/bench/src')
  await build({
    entryPoints: ['targets', 'programs'].flatMap((folder) =>
      readdirSync(join(sources, folder)).map((file) => join(sources, folder, file)),
    ),
    outdir: outFolder,
    outbase: sources,
    bundle: true,
    // What a program loads later is none of its start.
    splitting: true,
    chunkNames: 'shared/[hash]',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['@wayfare/*', 'undici', 'esbuild', 'ioredis'],
    logLevel: 'error',
  })
}
