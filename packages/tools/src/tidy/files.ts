import { layerOf, speaksDialect } from './layers.ts'
import type { Finding, House, Source } from './house.ts'

const MAX_LINES = 250

/** Files that may be longer, each with its reason. */
const long: ReadonlyMap<string, string> = new Map([
  ['packages/pricing/src/snapshot.ts', 'data, written by `pnpm prices`'],
])

const vague: ReadonlySet<string> = new Set([
  'utils',
  'util',
  'helpers',
  'helper',
  'manager',
  'service',
  'common',
  'misc',
])

/** One idea a file: short, and named after it. */
export function files({ sources }: House): readonly Finding[] {
  return sources.flatMap((source) => [...length(source), ...name(source)])
}

function length({ path, part, text }: Source): readonly Finding[] {
  const lines = text.split('\n').length - 1
  if (part === 'test' || lines <= MAX_LINES || long.has(path)) return []
  return [{ path, message: `${lines} lines: split it by ideas; ${MAX_LINES} is the limit` }]
}

function name({ path }: Source): readonly Finding[] {
  const bad = path.split('/').find((step) => vague.has(step.replace(/\.ts$/, '')))
  return bad ? [{ path, message: `"${bad}" says nothing: name it after the one idea inside` }] : []
}

const wireFiles: readonly string[] = ['provider', 'request', 'events', 'response', 'error', 'models', 'wire', 'index']

/** Every wire provider has the same files, so that who knows one knows all. */
export function shape({ packages, sources }: House): readonly Finding[] {
  const paths = new Set(sources.map(({ path }) => path))
  return packages.filter(hasWire).flatMap(({ dir }) =>
    wireFiles
      .filter((file) => !paths.has(`${dir}/src/${file}.ts`))
      .map((file) => ({
        path: `${dir}/src`,
        message: `${file}.ts is missing: a wire consists of ${wireFiles.join(', ')}`,
      })),
  )
}

function hasWire(pkg: House['packages'][number]): boolean {
  return (
    pkg.folder === 'openai-compatible' ||
    (pkg.manifest.wayfare?.provider === true && layerOf(pkg) !== undefined && !speaksDialect(pkg))
  )
}
