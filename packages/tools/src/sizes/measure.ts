import { createRequire } from 'node:module'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { child } from '../child.ts'
import type { Budget } from './budgets.ts'

/** The size of a bundle, minified and gzipped, in bytes. Imports resolve from `folder` to the sources. */
export async function bundleBytes({ code, without }: Budget, folder: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: folder, loader: 'ts' },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['@wayfare/source'],
    external: [...without],
    logLevel: 'error',
  })
  return outputFiles.reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length, 0)
}

/** How long a fresh process takes to import a built package, in milliseconds: the median of seven. */
export async function importMs(name: string, folder: string): Promise<number> {
  const entry = createRequire(join(folder, 'x.js')).resolve(name)
  const code = `const t = performance.now(); await import(${JSON.stringify(entry)}); console.log(performance.now() - t)`
  const times: number[] = []
  for (let run = 0; run < 7; run++) {
    const { output } = await child(process.execPath, ['--input-type=module', '-e', code], { cwd: folder })
    times.push(Number(output.trim()))
  }
  return times.toSorted((a, b) => a - b)[3] ?? NaN
}
