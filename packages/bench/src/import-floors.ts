import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, type Metafile } from 'esbuild'

/** What an import takes apart from what was written into its files. */
export interface ImportFloors {
  /** A folder where the same names lead to the same files, which import each other and hold nothing else. */
  readonly hollow: string
  /** All of it in one file. */
  readonly whole: string
  /** How many files are loaded, and how large they are. */
  readonly files: number
  readonly kilobytes: number
}

/** Makes both in `to`, of packages that are installed in `from`. */
export async function importFloors(packages: readonly string[], from: string, to: string): Promise<ImportFloors> {
  const { metafile } = await build({
    stdin: { contents: packages.map((name) => `export * from '${name}'`).join('\n'), resolveDir: from },
    absWorkingDir: from,
    preserveSymlinks: true,
    bundle: true,
    // What is loaded later stays in files of its own.
    splitting: true,
    metafile: true,
    // As the packages are built.
    minifyWhitespace: true,
    minifySyntax: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['undici', 'zod'],
    outdir: join(to, 'whole'),
    outExtension: { '.js': '.mjs' },
    logLevel: 'error',
  })
  const loaded = [...reached(metafile.inputs, '<stdin>')].filter((path) => path !== '<stdin>')
  const hollow = join(to, 'hollow')
  for (const path of loaded) {
    const manifest = join(...path.split('/').slice(0, 3), 'package.json')
    mkdirSync(dirname(join(hollow, path)), { recursive: true })
    cpSync(join(from, manifest), join(hollow, manifest))
    const imports = imported(metafile.inputs[path]).map(({ original }) => `import ${JSON.stringify(original)}\n`)
    writeFileSync(join(hollow, path), [...new Set(imports)].join(''))
  }
  const bytes = loaded.reduce((sum, path) => sum + (metafile.inputs[path]?.bytes ?? 0), 0)
  return {
    hollow,
    whole: pathToFileURL(join(to, 'whole/stdin.mjs')).href,
    files: loaded.length,
    kilobytes: bytes / 1_024,
  }
}

type Input = Metafile['inputs'][string]

function reached(inputs: Metafile['inputs'], path: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(path)) return seen
  seen.add(path)
  for (const { path: next } of imported(inputs[path])) reached(inputs, next, seen)
  return seen
}

/** What is loaded with a file, not what it may load later. */
function imported(input: Input | undefined): Input['imports'] {
  return (input?.imports ?? []).filter(({ kind, external }) => kind === 'import-statement' && external !== true)
}
