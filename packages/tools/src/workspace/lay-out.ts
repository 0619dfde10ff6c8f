import { existsSync, mkdirSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { published, type Package } from './read.ts'

/**
 * Writes a project of a user into `folder`: every published package, and what the packages depend on, stands in its
 * node_modules. Imports then resolve as they would for the user, but to the sources. `files` are its own.
 */
export function layOut(
  folder: string,
  base: string,
  packages: readonly Package[],
  files: ReadonlyMap<string, string>,
): void {
  rmSync(folder, { recursive: true, force: true })
  const compilerOptions = { types: ['node'], typeRoots: [join(base, 'node_modules/@types')] }
  const config = { extends: join(base, 'tsconfig.json'), compilerOptions, include: ['**/*.ts'] }
  const all = new Map([
    ['package.json', JSON.stringify({ private: true, type: 'module' })],
    ['tsconfig.json', JSON.stringify(config)],
    ...files,
  ])
  for (const [name, text] of all) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  for (const [name, target] of modules(base, packages)) {
    const link = join(folder, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(target, link, 'junction')
  }
}

function modules(base: string, packages: readonly Package[]): ReadonlyMap<string, string> {
  const own = published(packages).map(({ dir, manifest }) => [manifest.name, join(base, dir)] as const)
  const others = ['', ...packages.map(({ dir }) => dir)].flatMap((dir) => installed(join(base, dir, 'node_modules')))
  return new Map([...others, ...own])
}

/** The packages that stand in a node_modules folder, and where they really are. */
function installed(folder: string): readonly (readonly [string, string])[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(join(folder, name)).map((part) => `${name}/${part}`) : [name],
    )
    .map((name) => [name, realpathSync(join(folder, name))] as const)
}
