import { describe, expect, test } from 'vitest'
import { providerName } from '../src/new-provider/name.ts'
import { scaffold, type ProviderKind } from '../src/new-provider/scaffold.ts'
import { rules } from '../src/tidy/rules.ts'
import type { Manifest } from '../src/workspace/read.ts'
import { plan } from './house.ts'

test('a name takes the form of each place', () => {
  expect(providerName('big-model', [])).toEqual({
    kebab: 'big-model',
    camel: 'bigModel',
    pascal: 'BigModel',
    constant: 'BIG_MODEL',
    title: 'Big Model',
  })
})

test.each([
  ['Acme', /lower-case/],
  ['acme--x', /lower-case/],
  ['../x', /lower-case/],
  ['9x', /lower-case/],
  ['a'.repeat(41), /lower-case/],
  ['default', /word of JavaScript/],
  ['core', /exists already/],
])('%s is refused as a name', (name, message) => {
  expect(() => providerName(name, ['core'])).toThrow(message)
})

describe.each<ProviderKind>(['wire', 'dialect'])('a new %s', (kind) => {
  const files = scaffold(providerName('big-model', []), kind)

  test('has a package, a README, a test and a changeset', () => {
    expect([...files.keys()]).toEqual(
      expect.arrayContaining([
        'packages/big-model/package.json',
        'packages/big-model/README.md',
        'packages/big-model/src/index.ts',
        'packages/big-model/test/provider.test.ts',
        'packages/big-model/test/conformance.test.ts',
        '.changeset/big-model-first.md',
      ]),
    )
  })

  test('names its vendor everywhere', () => {
    expect([...files].filter(([path, text]) => /acme/i.test(path + text))).toEqual([])
    expect(files.get('packages/big-model/src/provider.ts')).toMatch(/function bigModel\(/)
  })

  test('keeps the rules of the house', () => {
    // scaffold writes it.
    const manifest = JSON.parse(files.get('packages/big-model/package.json') ?? '') as Manifest
    const house = plan({ packages: { 'big-model': manifest }, files: Object.fromEntries(files) })
    expect(rules.flatMap((rule) => rule(house))).toEqual([])
  })
})
