import { cpSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join, sep } from 'node:path'

const left: ReadonlySet<string> = new Set(['dist', '.turbo', 'coverage'])

/** Copies the packages, and what their tests need of the root, into a folder where they may be broken. */
export function copyWorkspace(root: string, folder: string): void {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const name of ['package.json', 'pnpm-workspace.yaml', 'tsconfig.base.json', 'tsconfig.json', 'vitest.config.ts'])
    cpSync(join(root, name), join(folder, name))
  // The links of the packages to each other are relative: they lead from copy to copy.
  cpSync(join(root, 'packages'), join(folder, 'packages'), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !left.has(path.slice(path.lastIndexOf(sep) + 1)),
  })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
}
