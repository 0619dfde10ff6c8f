import { expect, test } from 'vitest'
import { scenarios } from '../src/providers-matrix/results.ts'
import { table, withTable } from '../src/providers-matrix/table.ts'

const report = {
  testResults: [
    file('/w/packages/b/test/conformance.test.ts', [
      ['b chat text: text comes as it was written', 'passed'],
      ['b chat blocks: blocks of text stay apart (skipped: a message has one text)', 'skipped'],
      ['b chat file: a file is a part (skipped: no sample)', 'skipped'],
    ]),
    file('/w/packages/a/test/conformance.test.ts', [
      ['a text: text comes as it was written', 'failed'],
      ['a blocks: blocks of text stay apart (known failure: not yet (soon))', 'passed'],
      ['a file: a file is a part (skipped: a message has one text)', 'skipped'],
    ]),
    file('/w/packages/kit/test/conformance.test.ts', [['acme text: text comes', 'passed']]),
    file('/w/packages/a/test/other.test.ts', [['a text: another test', 'passed']]),
  ],
}

function file(name: string, tests: readonly (readonly [string, string])[]): object {
  return { name, assertionResults: tests.map(([title, status]) => ({ title, status })) }
}

test('the results of the suite are found by their titles', () => {
  const found = scenarios(report, /kit/)
  expect(found.map(({ name, title }) => [name, title])).toEqual([
    ['text', 'text comes as it was written'],
    ['blocks', 'blocks of text stay apart'],
    ['file', 'a file is a part'],
  ])
  expect(found[1]?.outcomes).toEqual(
    new Map([
      ['a', { state: 'known_failure', reason: 'not yet (soon)' }],
      ['b chat', { state: 'absent', reason: 'a message has one text' }],
    ]),
  )
})

test('the table has a column for each provider, and each reason once', () => {
  expect(table(scenarios(report, /kit/)).split('\n')).toEqual([
    '| | a | b chat |',
    '| --- | :-: | :-: |',
    '| text comes as it was written | ✗ | ✓ |',
    '| blocks of text stay apart | (✗) 1 | – 2 |',
    '| a file is a part | – 2 | ? |',
    '',
    expect.stringContaining('passes'),
    '',
    '1. not yet (soon)',
    '2. a message has one text',
  ])
})

test('the table replaces the one before it, and nothing else', () => {
  const page = '# Page\n\n<!-- made by `pnpm providers` -->\nold\n<!-- until here -->\n\nMore.\n'
  const made = withTable(page, 'new')
  expect(made).toBe('# Page\n\n<!-- made by `pnpm providers` -->\n\nnew\n\n<!-- until here -->\n\nMore.\n')
  expect(withTable(made, 'new')).toBe(made)
  expect(() => withTable('# Page', 'new')).toThrow('the page has no place for the table')
})
