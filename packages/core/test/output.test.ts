import { describe, expect, test } from 'vitest'
import { LLMError, jsonSchema } from '@wayfare/core'
import type { Schema, StandardJSONSchema, StandardSchema } from '@wayfare/core'
import { call, finish, text, usage } from './kit/events.ts'
import { readAll, rig } from './kit/rig.ts'

interface City {
  readonly city: string
}

const document = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
const City = jsonSchema<City>(document, {
  validate: (value) => {
    if (typeof (value as City)?.city !== 'string') throw new Error('city must be a string, not SECRET')
    return value as City
  },
})

/** A schema as a library brings it, which also changes what it checks. */
function standard(validate: (value: unknown) => ReturnType<StandardSchema<unknown, City>['~standard']['validate']>) {
  const schema: StandardSchema<unknown, City> & StandardJSONSchema = {
    '~standard': {
      version: 1,
      vendor: 'own',
      validate,
      jsonSchema: { input: () => ({ $schema: 'https://json-schema.org/draft/2020-12/schema', ...document }) },
    },
  }
  return schema
}
const Upper = standard(async (value) => ({ value: { city: (value as City).city.toUpperCase() } }))
const Picky = standard(() => ({
  issues: [{ message: 'too small', path: ['city', { key: 0 }] }, { message: 'wrong' }],
}))
const Throwing = standard(() => {
  throw new Error('a transform that fails')
})

async function ask(words: string, output: Schema<City>, more: object = {}) {
  const own = rig({ a: [[text(words), usage({ input: 10, output: 5 }), finish()]] }, more)
  const stream = own.router.stream({ messages: 'x', output })
  const { error } = await readAll(stream)
  expect(own.leaks()).toEqual([])
  return { ...own, error, output: error === undefined ? (await stream.response()).output : undefined }
}

describe('an object', () => {
  test.each([
    ['plain', '{"city":"Oslo"}'],
    ['with space around it', '\n {"city":"Oslo"} \n'],
    ['in a fence', '```json\n{"city":"Oslo"}\n```'],
    ['in a fence without a language', '```\n{"city":"Oslo"}\n```\n'],
  ])('is read %s', async (_, words) => {
    expect((await ask(words, City)).output).toEqual({ city: 'Oslo' })
  })

  test('is what the schema makes of it', async () => {
    expect((await ask('{"city":"Oslo"}', Upper)).output).toEqual({ city: 'OSLO' })
  })

  test('is believed without a validator', async () => {
    expect((await ask('{"town":1}', jsonSchema<City>(document))).output).toEqual({ town: 1 })
  })

  test('is asked for by its JSON Schema, without the dialect', async () => {
    for (const schema of [City, Upper]) {
      const { providers } = await ask('{"city":"Oslo"}', schema)
      expect(providers.a.sent[0]?.request.output).toEqual({ name: 'answer', schema: document })
    }
  })
})

describe('what is no such object', () => {
  test.each([
    ['prose', 'Oslo, I think', City, 'the answer is not JSON; its text is in error.partial', undefined],
    ['nothing', '', City, 'the answer is not JSON; its text is in error.partial', undefined],
    ['a piece of JSON', '{"city":', City, 'the answer is not JSON; its text is in error.partial', undefined],
    [
      'another object',
      '{"town":1}',
      City,
      'the answer does not fit the schema; see error.details',
      'city must be a string, not SECRET',
    ],
    [
      'refused with paths',
      '{"city":""}',
      Picky,
      'the answer does not fit the schema; see error.details',
      'city.0: too small; wrong',
    ],
    [
      'what breaks the schema',
      '{"city":"Oslo"}',
      Throwing,
      'the answer does not fit the schema; see error.details',
      'a transform that fails',
    ],
  ] as const)('%s is invalid_output with text, bill and cost', async (_, words, schema, message, providerMessage) => {
    const { error, ledger } = await ask(words, schema)
    expect(error).toMatchObject({
      kind: 'invalid_output',
      message,
      retryable: false,
      billed: 'yes',
      costUsd: 0.000015,
      partial: { text: words },
      attempts: [{ outcome: 'ok', usageSource: 'reported' }],
      provider: 'a',
      model: 'm',
    })
    expect((error as LLMError).details.providerMessage).toBe(providerMessage)
    expect(ledger.settlements).toMatchObject([{ message: true }])
  })

  test('is not asked for again', async () => {
    const { providers } = await ask('prose', City, { fallbacks: ['a/other'] })
    expect(providers.a.sent).toHaveLength(1)
  })

  test('is quoted nowhere in the message', async () => {
    const { error } = await ask('{"town":"SECRET"}', City)
    expect(JSON.stringify(error)).not.toContain('SECRET')
  })
})

test('with tools the object may wait until the model has called them', async () => {
  const tools = { look: { inputSchema: jsonSchema({}) } }
  const { router } = rig({
    a: [
      [call('look', {}), finish('tool_calls')],
      [text('{"city":"Oslo"}'), finish()],
    ],
  })
  const first = await router.complete({ messages: 'x', tools, output: City })
  expect(first.output).toBeUndefined()
  expect(first.toolCalls).toHaveLength(1)
  const second = await router.complete({ messages: 'x', tools, output: City })
  expect(second.output).toEqual({ city: 'Oslo' })
})
