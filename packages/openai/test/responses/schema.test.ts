import type { JSONSchema } from '@wayfare/core'
import { expect, test } from 'vitest'
import { adaptSchema } from '../../src/responses/schema.ts'

const object = (properties: object, more: object = {}): JSONSchema => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  ...more,
})
const closed = (properties: object, more: object = {}): JSONSchema =>
  object(properties, { additionalProperties: false, ...more })
const text = { type: 'string' }

test.each<[string, JSONSchema, JSONSchema, string[]]>([
  ['an open object is closed', object({ a: text }), closed({ a: text }), []],
  ['so are those inside', object({ a: object({ b: text }) }), closed({ a: closed({ b: text }) }), []],
  [
    'and those in lists, unions and definitions',
    object(
      { a: { type: 'array', items: object({}) }, b: { oneOf: [object({}), { $ref: '#/$defs/c' }] } },
      { $defs: { c: object({}) } },
    ),
    closed(
      { a: { type: 'array', items: closed({}) }, b: { anyOf: [closed({}), { $ref: '#/$defs/c' }] } },
      { $defs: { c: closed({}) } },
    ),
    [],
  ],
  [
    'a reference stands alone',
    object({ a: { $ref: '#/$defs/c', description: 'd' } }, { $defs: { c: text } }),
    closed({ a: { $ref: '#/$defs/c' } }, { $defs: { c: text } }),
    [],
  ],
  [
    'bounds that the vendor refuses are left out, others stay',
    object({
      a: { type: 'string', minLength: 1, maxLength: 9 },
      b: { type: 'array', items: text, uniqueItems: true, minItems: 1 },
    }),
    closed({ a: text, b: { type: 'array', items: text, minItems: 1 } }),
    ['minLength', 'maxLength', 'uniqueItems'],
  ],
  [
    'the bounds of all safe integers say nothing',
    object({
      a: { type: 'integer', minimum: -9007199254740991, maximum: 9007199254740991 },
      b: { type: 'integer', maximum: 9 },
    }),
    closed({ a: { type: 'integer' }, b: { type: 'integer', maximum: 9 } }),
    [],
  ],
  [
    'formats and patterns stay where the vendor knows them',
    object({
      a: { type: 'string', format: 'email', pattern: '(?!x)' },
      b: { type: 'string', format: 'uri' },
      c: { type: 'string', pattern: '^a' },
      d: { type: 'string', pattern: '(?<=x)' },
    }),
    closed({ a: { type: 'string', format: 'email' }, b: text, c: { type: 'string', pattern: '^a' }, d: text }),
    ['format', 'pattern'],
  ],
  [
    'what an answer cannot break goes without a word',
    { $schema: 'x', ...object({ a: { type: 'string', default: 'x', examples: ['y'], description: 'd' } }) },
    closed({ a: { type: 'string', description: 'd' } }),
    [],
  ],
  [
    'a property may have the name of a keyword',
    object({ minLength: text, default: text }),
    closed({ minLength: text, default: text }),
    [],
  ],
])('%s', (_, schema, adapted, dropped) => {
  expect(adaptSchema(schema)).toEqual({ schema: adapted, strict: true, dropped })
})

test.each<[string, JSONSchema]>([
  ['an optional property', { type: 'object', properties: { a: text, b: text }, required: ['a'] }],
  ['an object of any content', { type: 'object' }],
  ['further properties', object({}, { additionalProperties: text })],
  ['a value of any type', object({ a: {} })],
  ['a list of anything', object({ a: { type: 'array' } })],
  ['conditions', object({ a: text }, { if: object({}), else: object({}) })],
  ['all of several', object({ a: { allOf: [object({})] } })],
  [
    'an optional property deep inside',
    object({ a: { anyOf: [{ type: 'array', items: { type: 'object', properties: { b: text } } }] } }),
  ],
  ['a reference with conditions of its own', object({ a: { $ref: '#', minimum: 1 } })],
  ['true for a schema', object({ a: true })],
])('%s: sent as it is, and not strict', (_, schema) => {
  expect(adaptSchema(schema)).toEqual({ schema, strict: false, dropped: [] })
})
