import { expect, test } from 'vitest'
import { deadLinks } from '../src/docs/links.ts'
import { mapBack, opening, programs } from '../src/docs/program.ts'
import { extract } from '../src/docs/snippets.ts'

const readme = `# Acme
\`\`\`ts
const a = 1
\`\`\`
Text, and what is not TypeScript:
\`\`\`sh
npm i
\`\`\`
\`\`\`ts continues
const b = a
\`\`\`
\`\`\`ts no-check
// your own module
import x from './x'
\`\`\`
`

test('fences are found with their lines and marks, and only those of TypeScript', () => {
  const { snippets, problems } = extract('README.md', readme)
  expect(snippets.map(({ line, mark, code }) => [line, mark, code])).toEqual([
    [3, undefined, 'const a = 1'],
    [10, 'continues', 'const b = a'],
    [13, 'no-check', "// your own module\nimport x from './x'"],
  ])
  expect(problems).toEqual([])
})

test('fences in doc comments lose the stars, those in code are no fences', () => {
  const text = `/**
 * A door.
 * @example
 * \`\`\`ts
 * if (x) {
 *   open()
 * }
 * \`\`\`
 */
const s = \`
\\\`\\\`\\\`ts
\``
  expect(extract('a.ts', text).snippets.map(({ line, code }) => [line, code])).toEqual([[5, 'if (x) {\n  open()\n}']])
})

test('a fence inside of a list loses its indent', () => {
  expect(extract('a.md', '- x\n  ```ts\n  a\n    b\n  ```').snippets[0]?.code).toBe('a\n  b')
})

test.each([
  ['an unknown mark', '```ts norun\nx\n```', /README\.md:1: "ts norun" is not known/],
  ['a mark without a reason', '```ts no-run\nx()\n```', /README\.md:1: no-run needs a comment/],
])('%s is a problem', (_, text, problem) => {
  expect(extract('README.md', text).problems).toEqual([expect.stringMatching(problem)])
})

test('a snippet that continues another is compiled behind it, and its errors point to where it stands', () => {
  const all = programs(extract('README.md', readme).snippets)
  expect(all.map(({ text }) => text)).toEqual(['const a = 1\nexport {}\n', 'const a = 1\nconst b = a\nexport {}\n'])
  expect(mapBack('x/snippet-1.ts(2,7): error', all)).toBe('README.md:10: error')
  expect(mapBack('at file:///x/snippet-0.ts:1:5', all)).toBe('at README.md:3')
})

test('the first snippet of a README is run, unless it says otherwise', () => {
  const first = extract('a/README.md', '```ts no-run\n// needs a key\nx\n```\n```ts\ny\n```').snippets
  const second = extract('b/README.md', '```ts\nz\n```\n```ts\nw\n```').snippets
  const source = extract('c.ts', '/**\n * ```ts\n * v\n * ```\n */').snippets
  expect(opening(programs([...first, ...second, ...source])).map(({ snippet }) => snippet.code)).toEqual(['z'])
})

test('links between pages are followed to the file and its heading', () => {
  const pages = new Map([
    [
      'docs/a.md',
      '# A\n[b](../b.md#what-is-it) [own](#a) [out](https://example.com) [x](../c.md)\n[y](../b.md#gone)\n',
    ],
    ['b.md', '# B\n## What is `it`?\n```sh\n# gone\n[z](nowhere.md)\n```\n'],
  ])
  const dead = [...pages].flatMap(([path, text]) => deadLinks(path, text, (other) => pages.get(other)))
  expect(dead).toEqual([
    'docs/a.md:2: the link ../c.md leads to no file',
    'docs/a.md:3: the link ../b.md#gone leads to no heading',
  ])
})
