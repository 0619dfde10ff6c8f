import { describe, expect, test } from 'vitest'
import { rules } from '../src/tidy/rules.ts'
import { manifest, plan, type HousePlan } from './house.ts'

const provider = { wayfare: { provider: true } }
const wire = Object.fromEntries(
  ['provider', 'request', 'events', 'response', 'error', 'models', 'wire', 'index'].map((file) => [
    `packages/acme/src/${file}.ts`,
    '',
  ]),
)

function look(house: HousePlan): readonly string[] {
  const built = plan({ ...house, files: { ...readmes(house), ...house.files } })
  return rules
    .flatMap((rule) => rule(built))
    .map(({ path, line, message }) => `${path}${line ? `:${line}` : ''} ${message}`)
}

/** What every package needs and no case is about. */
function readmes({ packages = {}, files = {} }: HousePlan): Record<string, string> {
  const folders = new Set([...Object.keys(packages), ...Object.keys(files).flatMap((path) => path.split('/')[1] ?? [])])
  return Object.fromEntries(
    [...folders].flatMap((folder) => [
      [`packages/${folder}/README.md`, ''],
      [`packages/${folder}/src/index.ts`, ''],
    ]),
  )
}

const found: readonly (readonly [title: string, house: HousePlan, finding: RegExp])[] = [
  [
    'an import that runs upwards',
    { files: { 'packages/core/src/a.ts': `import { x } from '@wayfare/sse'` } },
    /core\/src\/a\.ts:1 core may import nothing of ours, not sse/,
  ],
  [
    'a value where only types may pass',
    { files: { 'packages/cost/src/a.ts': `import { x } from '@wayfare/core'` } },
    /cost may import types of core, not values of core/,
  ],
  [
    'a multi-line import',
    { files: { 'packages/sse/src/a.ts': `\nimport {\n  x,\n} from '@wayfare/core'` } },
    /sse\/src\/a\.ts:2 sse may import nothing/,
  ],
  [
    'a dynamic import',
    { files: { 'packages/sse/src/a.ts': `const x = await import('@wayfare/core')` } },
    /sse may import nothing of ours, not core/,
  ],
  [
    'a wire that imports another wire',
    {
      packages: {
        acme: manifest('@wayfare/acme', { ...provider, dependencies: { '@wayfare/google': 'workspace:^' } }),
      },
      files: { ...wire, 'packages/acme/src/wire.ts': `import { x } from '@wayfare/google'` },
    },
    /acme may import core, provider-kit, not google/,
  ],
  [
    'a relative import that leaves src',
    { files: { 'packages/core/src/a/b.ts': `import x from '../../c.ts'` } },
    /leaves src/,
  ],
  ['a package without a layer', { files: { 'packages/novel/src/a.ts': '' } }, /novel has no layer/],
  [
    'a dependency that nothing imports',
    { packages: { core: manifest('@wayfare/core', { dependencies: { zod: 'catalog:' } }) } },
    /no file in src imports zod/,
  ],
  [
    'an undeclared dependency',
    { files: { 'packages/core/src/a.ts': `import { z } from 'zod/v4'` } },
    /src imports zod: add it/,
  ],
  [
    'undici outside of the transport',
    { files: { 'packages/llm/src/a.ts': `import { request } from 'undici'` } },
    /only provider-kit\/src\/undici\.ts loads undici/,
  ],
  [
    'imports that go round',
    {
      files: {
        'packages/core/src/a.ts': `import { b } from './b.ts'`,
        'packages/core/src/b.ts': `export { a } from './a.ts'`,
      },
    },
    /imports go round: a\.ts -> b\.ts -> a\.ts/,
  ],
  ['a long file', { files: { 'packages/core/src/a.ts': '\n'.repeat(251) } }, /251 lines: split it/],
  ['a vague name', { files: { 'packages/core/src/utils.ts': '' } }, /"utils\.ts" says nothing/],
  [
    'a wire without its error.ts',
    {
      packages: { acme: manifest('@wayfare/acme', provider) },
      files: Object.fromEntries(Object.entries(wire).filter(([path]) => !path.endsWith('error.ts'))),
    },
    /acme\/src error\.ts is missing/,
  ],
  [
    'the name of a vendor in the mechanism',
    {
      packages: { acme: manifest('@wayfare/acme', provider) },
      files: { ...wire, 'packages/core/src/a.ts': `\nif (name === 'acme') x()` },
    },
    /core\/src\/a\.ts:2 "acme" is a vendor/,
  ],
  ['the clock', { files: { 'packages/core/src/a.ts': 'x(Date.now())' } }, /Date\.now: take a Clock/],
  ['a new date of now', { files: { 'packages/core/src/a.ts': 'x(new Date( ))' } }, /new Date\(\): take a Clock/],
  ['a timer', { files: { 'packages/cost/src/a.ts': 'setTimeout(f, 1)' } }, /setTimeout: take a Clock/],
  ['chance', { files: { 'packages/core/src/a.ts': 'const f = Math.random' } }, /Math\.random: take/],
  ['fetch', { files: { 'packages/core/src/a.ts': `await fetch(url)` } }, /fetch: go through endpoint/],
  ['the environment', { files: { 'packages/core/src/a.ts': `process.env['X']` } }, /process\.env: take the value/],
  ['code inside of a template', { files: { 'packages/core/src/a.ts': 'x(`${Date.now()}`)' } }, /Date\.now/],
  ['a default export', { files: { 'packages/core/src/a.ts': 'export default 1' } }, /default export/],
  ['an export of everything', { files: { 'packages/core/test/a.ts': `export * from './b.ts'` } }, /list the names/],
  ['a note to oneself', { files: { 'packages/core/src/a.ts': `// ${'TO'}DO later` } }, /note to oneself/],
  [
    'a silenced rule without a reason',
    { files: { 'packages/core/src/a.ts': `// oxlint-${'disable'}-next-line x` } },
    /write the reason/,
  ],
  ['a stranger at the top', { entries: ['packages', 'notes.txt'] }, /notes\.txt does not belong at the top/],
  [
    'a path that is gone',
    { files: { 'ARCHITECTURE.md': 'a\nsee `packages/core/src/{index,gone}.ts`' } },
    /ARCHITECTURE\.md:2 packages\/core\/src\/gone\.ts does not exist/,
  ],
  [
    'a short path that is gone',
    { files: { 'CONTRIBUTING.md': '`core/src/gone.ts`', 'packages/core/src/a.ts': '' } },
    /packages\/core\/src\/gone\.ts does not exist/,
  ],
  [
    'a program without a source',
    { packages: { core: manifest('@wayfare/core', { bin: { core: './dist/cli.js' } }) } },
    /bin "core" needs src\/cli\.ts/,
  ],
  ['another licence', { packages: { core: manifest('@wayfare/core', { license: 'ISC' }) } }, /"license" must be "MIT"/],
  [
    'a script at install',
    { packages: { core: manifest('@wayfare/core', { scripts: { postinstall: 'x' } }) } },
    /"postinstall" runs on the user's machine/,
  ],
  [
    'a pinned sibling',
    { packages: { llm: manifest('@wayfare/llm', { devDependencies: { '@wayfare/core': '1.0.0' } }) } },
    /@wayfare\/core must be "workspace:\^"/,
  ],
  [
    'doors that differ when packed',
    { packages: { core: manifest('@wayfare/core', { publishConfig: { access: 'public', exports: {} } }) } },
    /publishConfig\.exports/,
  ],
  [
    'a door to nowhere',
    { packages: { core: manifest('@wayfare/core', { exports: { '.': { '@wayfare/source': './src/gone.ts' } } }) } },
    /names \.\/src\/gone\.ts, which does not exist/,
  ],
]

describe('tidy finds', () => {
  test.each(found)('%s', (_, house, finding) => {
    expect(look(house)).toContainEqual(expect.stringMatching(finding))
  })
})

const fine: readonly (readonly [title: string, house: HousePlan])[] = [
  [
    'types of core in a port',
    {
      packages: { cost: manifest('@wayfare/cost', { dependencies: { '@wayfare/core': 'workspace:^' } }) },
      files: { 'packages/cost/src/a.ts': `import { type A, type B } from '@wayfare/core'` },
    },
  ],
  [
    'a whole wire',
    {
      packages: { acme: manifest('@wayfare/acme', { ...provider, dependencies: { '@wayfare/core': 'workspace:^' } }) },
      files: { ...wire, 'packages/acme/src/wire.ts': `import { x } from '@wayfare/core'` },
    },
  ],
  [
    'a vendor of the dialect without a wire',
    {
      packages: {
        acme: manifest('@wayfare/acme', { ...provider, dependencies: { '@wayfare/openai-compatible': 'workspace:^' } }),
      },
      files: { 'packages/acme/src/provider.ts': `import { x } from '@wayfare/openai-compatible'` },
    },
  ],
  [
    'the environment in the factory of a provider',
    {
      packages: { acme: manifest('@wayfare/acme', provider) },
      files: { ...wire, 'packages/acme/src/provider.ts': `process.env['ACME_KEY']` },
    },
  ],
  [
    'a vendor in the words of an example',
    {
      packages: { acme: manifest('@wayfare/acme', provider) },
      files: { ...wire, 'packages/core/src/a.ts': `throw new Error('give a model, such as "acme/one"')` },
    },
  ],
  [
    'a clock in a comment or in text',
    { files: { 'packages/core/src/a.ts': `// Date.now()\nconst x = 'setTimeout(f)'` } },
  ],
  [
    'a given date, a method called fetch and a rim',
    {
      files: {
        'packages/core/src/a.ts': 'x(new Date(ms), options.fetch(1))',
        'packages/core/src/clock.ts': 'Date.now()',
      },
    },
  ],
  [
    'two files that share only types',
    {
      files: {
        'packages/core/src/a.ts': `import type { B } from './b.ts'`,
        'packages/core/src/b.ts': `import { a } from './a.ts'`,
      },
    },
  ],
  ['a long test', { files: { 'packages/core/test/a.test.ts': '\n'.repeat(300) } }],
  [
    'paths that exist, patterns and other words with a slash',
    {
      files: {
        'ARCHITECTURE.md': '`packages/core/src/a.ts` `packages/*` `openai/gpt` `core/src/a.ts`',
        'packages/core/src/a.ts': '',
      },
    },
  ],
]

describe('tidy accepts', () => {
  test.each(fine)('%s', (_, house) => {
    expect(look(house)).toEqual([])
  })
})
