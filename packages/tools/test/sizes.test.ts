import { expect, test } from 'vitest'
import { withSizes } from '../src/sizes/readme.ts'

const readme = (size: string): string =>
  [
    '| package | what | size |',
    '| --- | --- | --- |',
    `| [\`@wayfare/sse\`](packages/sse) | a parser | ${size} |`,
  ].join('\n')

test.each([
  ['an empty cell is filled', '     ', 2_500, '2 KB '],
  ['a size that is no longer true is written anew', '9 KB ', 2_500, '2 KB '],
  ['a size that is true stays', '2 KB ', 2_500, '2 KB '],
  ['a few bytes beyond the half kilobyte are no reason to write', '2 KB ', 2_700, '2 KB '],
  ['a package that was not measured keeps what it has', '9 KB ', undefined, '9 KB '],
])('sizes in the README: %s', (_, before, bytes, after) => {
  const sizes = new Map(bytes === undefined ? [] : [['@wayfare/sse', bytes]])
  expect(withSizes(readme(before), sizes)).toBe(readme(after))
})
