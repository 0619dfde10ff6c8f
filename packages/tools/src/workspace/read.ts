import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The root of the repository. */
export const root: string = fileURLToPath(new URL('../../../..', import.meta.url)).replace(/[\\/]$/, '')

export interface Manifest {
  readonly name: string
  readonly version?: string
  readonly private?: boolean
  readonly license?: string
  readonly type?: string
  readonly sideEffects?: unknown
  readonly description?: string
  readonly engines?: { readonly node?: string }
  readonly files?: readonly string[]
  readonly scripts?: Readonly<Record<string, string>>
  readonly bin?: Readonly<Record<string, string>>
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>
  readonly publishConfig?: {
    readonly access?: string
    readonly bin?: Readonly<Record<string, string>>
    readonly exports?: Manifest['exports']
  }
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly wayfare?: { readonly provider?: boolean; readonly env?: readonly string[] }
}

export interface Package {
  /** The folder, relative to the root, with forward slashes: `packages/core`. */
  readonly dir: string
  /** The folder's own name: `core`. */
  readonly folder: string
  readonly manifest: Manifest
}

/** Every package of the workspace, `packages/*` before `apps/*`, in the order of the names. */
export function readWorkspace(base: string = root): readonly Package[] {
  return ['packages', 'apps'].flatMap((parent) => {
    if (!existsSync(join(base, parent))) return []
    return readdirSync(join(base, parent))
      .toSorted()
      .filter((folder) => existsSync(join(base, parent, folder, 'package.json')))
      .map((folder) => {
        const dir = `${parent}/${folder}`
        // A manifest is what npm says it is; tidy checks the fields that the tools rely on.
        const manifest = JSON.parse(readFileSync(join(base, dir, 'package.json'), 'utf8')) as Manifest
        return { dir, folder, manifest }
      })
  })
}

/** Packages that are published. */
export function published(packages: readonly Package[]): readonly Package[] {
  return packages.filter((pkg) => pkg.manifest.private !== true)
}

/** The programs of a package by name: what the package has once packed, and the source of it. */
export function bins({ manifest }: Package): readonly { readonly name: string; readonly source: string }[] {
  return Object.entries({ ...manifest.bin, ...manifest.publishConfig?.bin }).map(([name, file]) => ({
    name,
    source: file.replace(/^(?:\.\/)?dist\//, 'src/').replace(/\.js$/, '.ts'),
  }))
}

/** The workspace's own packages among the dependencies of `pkg`. */
export function ownDependencies(pkg: Package, packages: readonly Package[]): readonly Package[] {
  const names = new Set(Object.keys(pkg.manifest.dependencies ?? {}))
  return packages.filter((other) => names.has(other.manifest.name))
}
