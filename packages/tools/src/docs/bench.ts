import { existsSync, mkdirSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { published, type Package } from '../workspace/read.ts'
import type { Program } from './program.ts'

/**
 * Lays the programs out in `folder` as a user's project: every published package, and what they depend on, stands in its
 * node_modules. Imports then resolve as they would for the user, but to the sources.
 */
export function layOut(folder: string, base: string, packages: readonly Package[], all: readonly Program[]): void {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const [name, target] of modules(base, packages)) {
    const link = join(folder, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(target, link, 'junction')
  }
  for (const { name, text } of all) writeFileSync(join(folder, name), text)
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  const compilerOptions = { rootDir: base, types: ['node'], typeRoots: [join(base, 'node_modules/@types')] }
  const config = { extends: join(base, 'tsconfig.json'), compilerOptions, include: ['*.ts'] }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
}

function modules(base: string, packages: readonly Package[]): ReadonlyMap<string, string> {
  const own = published(packages).map(({ dir, manifest }) => [manifest.name, join(base, dir)] as const)
  const others = packages.flatMap(({ dir }) => dependenciesIn(join(base, dir, 'node_modules')))
  return new Map([...others, ...own])
}

/** The packages that stand in a node_modules folder, and where they really are. */
function dependenciesIn(folder: string): readonly (readonly [string, string])[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(join(folder, name)).map((part) => `${name}/${part}`) : [name],
    )
    .map((name) => [name, realpathSync(join(folder, name))] as const)
}
