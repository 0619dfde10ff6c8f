import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import type { Budget } from './budgets.ts'

/** The size of a bundle, minified and gzipped, in bytes. Imports resolve from `folder` to the sources. */
export async function bundleBytes(
  { code, without }: Pick<Budget, 'code' | 'without'>,
  folder: string,
): Promise<number> {
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
