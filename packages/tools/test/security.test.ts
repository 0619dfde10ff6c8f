import { readFileSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { dependencyProblems, keyLine, lockfileProblems, settingProblems } from '../src/security/supply.ts'
import { workflowProblems } from '../src/security/workflows.ts'
import { manifest } from './house.ts'

const checkout = 'actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683'

function workflow(job: string, top = 'permissions: {}'): string {
  return `on: push\n${top}\njobs:\n  one:\n    permissions:\n      contents: read\n${job}`
}

const bad: readonly (readonly [title: string, text: string, problem: RegExp])[] = [
  ['rights for all jobs', workflow('', 'permissions: write-all'), /permissions: \{\}/],
  ['no word on rights', workflow('', ''), /permissions: \{\}/],
  [
    'an action by tag',
    workflow('    steps:\n      - uses: actions/setup-node@v4'),
    /one: actions\/setup-node@v4 can change/,
  ],
  ['a checkout that keeps its token', workflow(`    steps:\n      - uses: ${checkout}`), /persist-credentials: false/],
  ['a registry token', workflow('    env:\n      NPM_TOKEN: x'), /registry token/],
  ['a stored secret', workflow('    env:\n      X: ${{ secrets.KEY }}'), /secrets\.KEY/],
  ['strangers with our rights', workflow('').replace('push', 'pull_request_target'), /pull_request_target/],
  [
    'a title that becomes a script',
    workflow('    steps:\n      - run: echo ${{ github.event.issue.title }}'),
    /pass it through env/,
  ],
  ['a publisher whom nobody holds', workflow('      id-token: write'), /protected environment/],
  [
    'a stranger beside the publisher',
    workflow(`      id-token: write\n    environment: npm\n    steps:\n      - uses: x/y@${'a'.repeat(40)}`),
    /job of its own/,
  ],
  [
    'a job without a word on rights',
    'on: push\npermissions: {}\njobs:\n  two:\n    steps: []',
    /two: name its permissions/,
  ],
]

test.each(bad)('a workflow with %s is refused', (_, text, problem) => {
  expect(workflowProblems(text)).toContainEqual(expect.stringMatching(problem))
})

test('our own workflows pass', () => {
  const folder = new URL('../../../.github/workflows/', import.meta.url)
  const names = readdirSync(folder)
  expect(names.length).toBeGreaterThan(0)
  expect(names.flatMap((name) => workflowProblems(readFileSync(new URL(name, folder), 'utf8')))).toEqual([])
})

test('a new outside dependency of a published package has to be decided on', () => {
  const pkg = (dependencies: Record<string, string>) => [
    { dir: 'packages/llm', folder: 'llm', manifest: manifest('@wayfare/llm', { dependencies }) },
  ]
  expect(dependencyProblems(pkg({ '@wayfare/core': 'workspace:^', zod: 'catalog:' }))).toEqual([])
  expect(dependencyProblems(pkg({ lodash: '^4.0.0' }))).toEqual([
    expect.stringMatching(/lodash would reach every user/),
  ])
})

test('a lockfile may name nothing but the registry', () => {
  expect(lockfileProblems('  a@1:\n    resolution: {integrity: sha512-abc}')).toEqual([])
  expect(lockfileProblems('\n    resolution: {tarball: https://x/y.tgz}')).toEqual([
    expect.stringMatching(/^pnpm-lock\.yaml:2/),
  ])
  expect(lockfileProblems('    resolution: {integrity: sha1-abc}')).toEqual([
    expect.stringMatching(/without a checksum/),
  ])
})

test('a package that may run scripts at install is reported', () => {
  expect(settingProblems('allowBuilds:\n  esbuild: true')).toContainEqual(
    expect.stringMatching(/esbuild may run scripts/),
  )
})

test('living keys are seen, short stand-ins are not', () => {
  expect(keyLine(`a\nconst key = 'npm_${'a1'.repeat(18)}'`)).toBe(2)
  expect(keyLine('sk-ant-test sk-proj-x AIzaTest')).toBeUndefined()
})
