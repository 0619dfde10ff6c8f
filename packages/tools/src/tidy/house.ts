import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readWorkspace, type Package } from '../workspace/read.ts'
import { blank, type Blanked } from './blank.ts'
import { readImports, type Import } from './imports.ts'

/** Everything the rules look at. */
export interface House {
  readonly packages: readonly Package[]
  /** The TypeScript files under `src` and `test` of every package. */
  readonly sources: readonly Source[]
  /** The names at the top level that version control does not ignore. */
  readonly entries: readonly string[]
  /** Markdown at the top level, by name. */
  readonly documents: ReadonlyMap<string, string>
  readonly exists: (path: string) => boolean
}

export interface Source extends Blanked {
  /** Relative to the root, with forward slashes. */
  readonly path: string
  readonly pkg: Package
  readonly part: 'src' | 'test'
  readonly text: string
  readonly imports: readonly Import[]
}

export interface Finding {
  readonly path: string
  /** From 1. */
  readonly line?: number
  /** What is wrong and what to do. */
  readonly message: string
}

export type Rule = (house: House) => readonly Finding[]

export function readHouse(base: string): House {
  const packages = readWorkspace(base)
  const ignored = new Set(['.git', ...readFileSync(join(base, '.gitignore'), 'utf8').split(/[\n/]+/)])
  const entries = readdirSync(base).filter((name) => !ignored.has(name) && !/\.(tgz|tsbuildinfo)$/.test(name))
  return {
    packages,
    sources: packages.flatMap((pkg) => readSources(base, pkg)),
    entries,
    documents: new Map(
      entries.filter((name) => name.endsWith('.md')).map((name) => [name, readFileSync(join(base, name), 'utf8')]),
    ),
    exists: (path) => existsSync(join(base, path)),
  }
}

/** One source, as the rules see it. */
export function source(pkg: Package, path: string, text: string): Source {
  const blanked = blank(text)
  return {
    path,
    pkg,
    part: path.startsWith(`${pkg.dir}/src/`) ? 'src' : 'test',
    text,
    ...blanked,
    imports: readImports(blanked.bare),
  }
}

/** The number of the line, from 1, in which `index` stands. */
export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}

function readSources(base: string, pkg: Package): readonly Source[] {
  return ['src', 'test'].flatMap((part) => {
    const folder = join(base, pkg.dir, part)
    if (!existsSync(folder)) return []
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((name) => name.replaceAll('\\', '/'))
      .filter((name) => name.endsWith('.ts') && !name.includes('node_modules/'))
      .toSorted()
      .map((name) => source(pkg, `${pkg.dir}/${part}/${name}`, readFileSync(join(folder, name), 'utf8')))
  })
}
