import { expect, test } from 'vitest'
import { formatSchema } from '../src/schema.ts'

test('objects are closed at every depth, except where parts share an object', () => {
  const name = { type: 'object', properties: { n: { type: 'string' } } }
  const closed = { ...name, additionalProperties: false }
  const { schema, warnings } = formatSchema({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: { a: name, properties: { type: 'string' }, list: { type: 'array', items: name } },
    $defs: { d: name },
    anyOf: [name],
    allOf: [name],
    additionalProperties: true,
  })
  expect(schema).toEqual({
    type: 'object',
    properties: { a: closed, properties: { type: 'string' }, list: { type: 'array', items: closed } },
    $defs: { d: closed },
    anyOf: [closed],
    allOf: [name],
    additionalProperties: false,
  })
  expect(warnings).toEqual([])
})

test('objects of any content are left to the vendor to refuse', () => {
  const record = { type: 'object', properties: {}, additionalProperties: { type: 'string' } }
  expect(formatSchema(record).schema).toEqual(record)
  expect(formatSchema({ type: 'object' }).schema).toEqual({ type: 'object' })
})

test('bounds are left out with a warning that names them', () => {
  const { schema, warnings } = formatSchema({
    type: 'object',
    properties: {
      age: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
      minimum: { type: 'string', maxLength: 5 },
      few: { type: 'array', items: { type: 'string' }, minItems: 1 },
      many: { type: 'array', items: { type: 'string' }, minItems: 2 },
    },
  })
  expect(schema['properties']).toEqual({
    age: { type: 'integer' },
    minimum: { type: 'string' },
    few: { type: 'array', items: { type: 'string' }, minItems: 1 },
    many: { type: 'array', items: { type: 'string' } },
  })
  expect(warnings).toMatchObject([
    { code: 'schema_loosened', message: expect.stringContaining('minimum, maxLength, minItems') },
  ])
})

test('what the model may choose from is said in the word that the vendor knows', () => {
  expect(formatSchema({ oneOf: [{ type: 'string' }, { type: 'null' }] }).schema).toEqual({
    anyOf: [{ type: 'string' }, { type: 'null' }],
  })
})

test('the schema itself is not changed, and data in it is not taken for schemas', () => {
  const schema = { enum: [{ minimum: 1 }], default: { properties: {} }, minimum: Number.MAX_SAFE_INTEGER }
  const before = structuredClone(schema)
  expect(formatSchema(schema).schema).toEqual({ enum: [{ minimum: 1 }], default: { properties: {} } })
  expect(schema).toEqual(before)
})
