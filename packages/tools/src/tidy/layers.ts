import type { Package } from '../workspace/read.ts'
import { lineAt, type Finding, type House, type Source } from './house.ts'
import { packageOf } from './imports.ts'

interface Layer {
  /** Packages of which it may import anything. */
  readonly values: readonly string[]
  /** Packages of which it may import types. */
  readonly types: readonly string[]
}

const bottom: Layer = { values: [], types: [] }
const ports: Layer = { values: [], types: ['core'] }
const wire: Layer = { values: ['core', 'provider-kit'], types: [] }
const vendor: Layer = { values: ['core', 'provider-kit', 'openai-compatible'], types: [] }

const mechanism: Readonly<Record<string, Layer>> = {
  core: bottom,
  sse: bottom,
  emulator: bottom,
  pricing: ports,
  cost: ports,
  'provider-kit': { values: ['core', 'sse'], types: [] },
  'openai-compatible': wire,
  llm: { values: ['core', 'cost', 'pricing'], types: [] },
}

/** Where a package stands; a provider needs no entry. Undefined: private, or nobody has decided yet. */
export function layerOf(pkg: Package): Layer | undefined {
  const known = mechanism[pkg.folder]
  if (known) return known
  if (pkg.manifest.wayfare?.provider !== true) return undefined
  return speaksDialect(pkg) ? vendor : wire
}

/** A vendor of the OpenAI dialect, which has no wire of its own. */
export function speaksDialect(pkg: Package): boolean {
  return Object.hasOwn(pkg.manifest.dependencies ?? {}, '@wayfare/openai-compatible')
}

/** Imports run downwards only, and each package declares exactly what its sources import. */
export function layers({ packages, sources }: House): readonly Finding[] {
  return packages
    .filter((pkg) => pkg.manifest.private !== true)
    .flatMap((pkg) => {
      const layer = layerOf(pkg)
      const path = `${pkg.dir}/package.json`
      if (!layer) {
        const message = `${pkg.folder} has no layer: give it one in packages/tools/src/tidy/layers.ts, or "wayfare": { "provider": true }`
        return [{ path, message }]
      }
      const own = sources.filter((source) => source.pkg === pkg && source.part === 'src')
      return [...own.flatMap((source) => edges(source, layer)), ...declared(pkg, own)]
    })
}

function edges(source: Source, layer: Layer): readonly Finding[] {
  return source.imports.flatMap(({ from, types, index }) => {
    const problem = (message: string): readonly Finding[] => [
      { path: source.path, line: lineAt(source.bare, index), message },
    ]
    if (/^[./]/.test(from)) return leaves(source, from) ? problem(outside(from)) : []
    const name = packageOf(from) ?? ''
    if (name === source.pkg.manifest.name) {
      return problem(`a package does not import itself by name: use a relative path instead of '${from}'`)
    }
    if (!name.startsWith('@wayfare/')) return undiciOutside(source, name, types) ? problem(undici) : []
    const folder = name.slice('@wayfare/'.length)
    if (layer.values.includes(folder) || (types && layer.types.includes(folder))) return []
    const may = [...layer.values, ...layer.types.map((type) => `types of ${type}`)].join(', ') || 'nothing of ours'
    const what = layer.types.includes(folder) ? `values of ${folder}` : folder
    return problem(
      `${source.pkg.folder} may import ${may}, not ${what}: move the code to the package that may, or pass it in`,
    )
  })
}

const undici = 'only provider-kit/src/undici.ts loads undici: go through endpoint()'

function undiciOutside(source: Source, name: string, types: boolean): boolean {
  if (name !== 'undici') return false
  return source.pkg.folder !== 'provider-kit' || (!types && source.path !== 'packages/provider-kit/src/undici.ts')
}

function leaves(source: Source, from: string): boolean {
  const depth = source.path.split('/').length - source.pkg.dir.split('/').length - 2
  return (from.match(/\.\.\//g)?.length ?? 0) > depth
}

function outside(from: string): string {
  return `'${from}' leaves src: import the package by its name, or move the file in`
}

function declared(pkg: Package, own: readonly Source[]): readonly Finding[] {
  const path = `${pkg.dir}/package.json`
  const { dependencies = {}, peerDependencies = {} } = pkg.manifest
  const names = new Set(
    own.flatMap((source) => source.imports.map(({ from }) => packageOf(from) ?? '')).filter((name) => external(name)),
  )
  names.delete(pkg.manifest.name)
  const missing = [...names].filter((name) => !Object.hasOwn({ ...dependencies, ...peerDependencies }, name))
  const unused = Object.keys(dependencies).filter((name) => !names.has(name))
  return [
    ...missing.map((name) => ({ path, message: `src imports ${name}: add it to dependencies` })),
    ...unused.map((name) => ({ path, message: `no file in src imports ${name}: take it out of dependencies` })),
  ]
}

function external(name: string): boolean {
  return name !== '' && !name.startsWith('node:')
}
