import { source, type House } from '../src/tidy/house.ts'
import type { Manifest, Package } from '../src/workspace/read.ts'

/** A manifest that all rules accept. */
export function manifest(name: string, more: Partial<Manifest> = {}): Manifest {
  const door = { types: './dist/index.d.ts', default: './dist/index.js' }
  return {
    name,
    version: '1.0.0',
    description: 'a package',
    license: 'MIT',
    type: 'module',
    sideEffects: false,
    engines: { node: '>=20.19.0' },
    files: ['dist', 'src', '!dist/.tsbuildinfo'],
    exports: { '.': { '@wayfare/source': './src/index.ts', ...door } },
    publishConfig: { access: 'public', exports: { '.': door } },
    ...more,
  }
}

export interface HousePlan {
  readonly packages?: Readonly<Record<string, Manifest>>
  readonly files?: Readonly<Record<string, string>>
  readonly entries?: readonly string[]
}

/** A house on paper: manifests by folder, files by path. Files of a package without a manifest give it a plain one. */
export function plan({ packages = {}, files = {}, entries = ['packages'] }: HousePlan): House {
  const folders = new Set(Object.keys(packages))
  for (const path of Object.keys(files)) if (path.startsWith('packages/')) folders.add(path.split('/')[1] ?? '')
  const all = [...folders].map((folder): Package => {
    return { dir: `packages/${folder}`, folder, manifest: packages[folder] ?? manifest(`@wayfare/${folder}`) }
  })
  const paths = Object.keys(files)
  return {
    packages: all,
    sources: all.flatMap((pkg) =>
      paths
        .filter((path) => path.startsWith(`${pkg.dir}/`) && path.endsWith('.ts'))
        .map((path) => source(pkg, path, files[path] ?? '')),
    ),
    entries,
    documents: new Map(Object.entries(files).filter(([path]) => !path.includes('/'))),
    exists: (path) => paths.some((file) => file === path || file.startsWith(`${path}/`)),
  }
}
