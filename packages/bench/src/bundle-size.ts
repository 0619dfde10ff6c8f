import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

export interface Bundle {
  /** The program, as a user would write it. */
  readonly code: string
  /** Where its packages are installed. */
  readonly from: string
  /** Packages that are left out. */
  readonly without?: readonly string[]
}

/** Minified and gzipped, in KB. */
export async function bundleSize({ code, from, without = [] }: Bundle): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: from },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: [...without],
    logLevel: 'silent',
  })
  return outputFiles.reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length, 0) / 1_024
}
