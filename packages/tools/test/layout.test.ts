import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { layout } from '../src/workspace/layout.ts'
import { readWorkspace } from '../src/workspace/read.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function workspace(manifests: Readonly<Record<string, object>>): string {
  const base = mkdtempSync(join(tmpdir(), 'wayfare-layout-'))
  folders.push(base)
  for (const [dir, manifest] of Object.entries(manifests)) {
    mkdirSync(join(base, dir, 'src'), { recursive: true })
    writeFileSync(join(base, dir, 'package.json'), JSON.stringify(manifest))
  }
  return base
}

test('a build configuration refers to the configurations of its dependencies, and the root to all', () => {
  const base = workspace({
    'packages/core': { name: '@wayfare/core' },
    'packages/acme': { name: '@wayfare/acme', dependencies: { '@wayfare/core': 'workspace:^', zod: 'catalog:' } },
  })
  const references = layout(readWorkspace(base), base).map(({ path, text }) => {
    // What layout writes.
    const { references: list } = JSON.parse(text) as { references: readonly { path: string }[] }
    return [path, list.map((reference) => reference.path)]
  })
  expect(references).toEqual([
    ['tsconfig.build.json', ['packages/acme/tsconfig.build.json', 'packages/core/tsconfig.build.json']],
    ['packages/acme/tsconfig.build.json', ['../core/tsconfig.build.json']],
    ['packages/core/tsconfig.build.json', []],
  ])
})

test('private packages and apps are not built', () => {
  const base = workspace({ 'packages/tools': { private: true }, 'apps/demo': { private: true } })
  expect(layout(readWorkspace(base), base).map(({ path }) => path)).toEqual(['tsconfig.build.json'])
})
