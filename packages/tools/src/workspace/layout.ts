import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ownDependencies, published, type Package } from './read.ts'

/** A file that is derived from the workspace. */
export interface DerivedFile {
  /** Relative to the root. */
  readonly path: string
  readonly text: string
}

/**
 * The build configurations: one per published package, with a reference for each own dependency, and the root's list of
 * all of them. The editor, the linter and the type check use the root's tsconfig.json, which needs no list.
 */
export function layout(packages: readonly Package[], base: string): readonly DerivedFile[] {
  const built = published(packages).filter((pkg) => existsSync(join(base, pkg.dir, 'src')))
  const own = built.map((pkg) => ({
    path: `${pkg.dir}/tsconfig.build.json`,
    text: json({
      extends: '../../tsconfig.base.json',
      compilerOptions: { rootDir: 'src', outDir: 'dist', tsBuildInfoFile: 'dist/.tsbuildinfo' },
      include: ['src'],
      references: ownDependencies(pkg, built).map((other) => ({ path: `../${other.folder}/tsconfig.build.json` })),
    }),
  }))
  const all = {
    path: 'tsconfig.build.json',
    text: json({ files: [], references: built.map((pkg) => ({ path: `${pkg.dir}/tsconfig.build.json` })) }),
  }
  return [all, ...own]
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
