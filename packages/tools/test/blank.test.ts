import { expect, test } from 'vitest'
import { blank } from '../src/tidy/blank.ts'

const cases: readonly (readonly [title: string, text: string, code: string])[] = [
  ['a line comment', 'a // b\nc', 'a     \nc'],
  ['a block comment keeps its lines', 'a /* b\nc */ d', 'a     \n     d'],
  ['quoted text', `f('x', "y\\"z")`, 'f(   ,       )'],
  ['a template', 'f(`a b`)', 'f(     )'],
  ['what a template embeds is code', 'f(`a${ b }c`)', 'f(     b    )'],
  ['braces inside of an embedded expression', 'f(`${ { a: 1 } }`) + b', 'f(    { a: 1 }   ) + b'],
  ['a template within a template', 'f(`a${ `b${ c }` }d`)', 'f(          c       )'],
  ['a comment mark inside of text', `f('// no')\ng`, 'f(       )\ng'],
  ['a quote inside of a regular expression', `x = /'"/g\ny`, 'x =      \ny'],
  ['a slash in a class of a regular expression', 'x = /[/]/\ny', 'x =      \ny'],
  ['a division is no regular expression', `a / b / 'c'`, 'a / b /    '],
]

test.each(cases)('blanks %s', (_, text, code) => {
  expect(blank(text).code).toBe(code)
})

test('text stays where only comments go', () => {
  expect(blank(`import a from 'b' // c`).bare).toBe(`import a from 'b'     `)
})
