import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonSource } from '../src/index.ts'

test('every value of random JSON is found at its path, however it is laid out', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
      const text = JSON.stringify(value, null, indent)
      for (const [path, inner] of walk(JSON.parse(text), [])) {
        expect(JSON.parse(jsonSource(text, path) ?? 'undefined')).toEqual(inner)
      }
    }),
  )
})

test.each<[text: string, path: (string | number)[], source: string | undefined]>([
  ['{"a":{"b":[1, 1e400 ,-0]}}', ['a', 'b', 1], '1e400'],
  ['{"a":1,"a":[2]}', ['a'], '[2]'],
  ['{"\\u0061":"x\\"}"}', ['a'], '"x\\"}"'],
  [' {"a" : { } } ', ['a'], '{ }'],
  ['{"a":[]}', ['a', 0], undefined],
  ['{"a":1}', ['b'], undefined],
  ['{"a":1}', [0], undefined],
  ['[1]', ['a'], undefined],
  ['', ['a'], undefined],
  ['12345678901234567890', [], '12345678901234567890'],
])('%s at %j is %s', (text, path, source) => {
  expect(jsonSource(text, path)).toBe(source)
})

function* walk(value: unknown, path: (string | number)[]): Generator<[(string | number)[], unknown]> {
  yield [path, value]
  if (Array.isArray(value)) for (const [at, inner] of value.entries()) yield* walk(inner, [...path, at])
  else if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value)) yield* walk(inner, [...path, key])
}
