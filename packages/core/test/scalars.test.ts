import { describe, expect, test } from 'vitest'
import { Router, jsonSchema } from '@wayfare/core'
import type { CallDefaults, ChatCall, CompleteCall, RouterOptions } from '@wayfare/core'
import { answered } from './kit/events.ts'
import { rig } from './kit/rig.ts'

const effort = 'reasoning must be "none", "minimal", "low", "medium", "high", "xhigh", "max" or { maxTokens: '
const choice = 'toolChoice must be "auto", "none", "required" or { tool: its name }'
const toolSet = 'tools must be an object of tools by name, or a function that returns one'
const systems = 'system must be a string or a list of text parts'
const options = 'providerOptions must be an object of options by vendor, each an object'
const nothing = 'it is null: leave it out instead'

const tagsOf = (count: number): object => Object.fromEntries(Array.from({ length: count }, (_, i) => [`tag-${i}`, 'x']))

/** Of defaults as of calls. */
const wrong: readonly (readonly [option: string, values: readonly unknown[], message: string])[] = [
  ['maxOutputTokens', ['5', 0, -1, 1.5, NaN, Infinity], 'maxOutputTokens must be a whole number above 0'],
  ['temperature', ['0.5', NaN, -1, Infinity, {}, true], 'temperature must be a number, 0 or more'],
  ['topP', ['0.5', NaN, 2, []], 'topP must be a number from 0 to 1'],
  ['seed', ['x', NaN, Infinity], 'seed must be a number'],
  ['stop', ['x', {}, [5], [null]], 'stop must be a list of strings'],
  ['reasoning', [5, {}, { maxTokens: NaN }, { maxTokens: 0 }, { maxTokens: '5' }, []], effort],
  ['reasoning', ['hihg'], 'did you mean "high"?'],
  ['system', [5, {}, [5], [null], [{ type: 'txt', text: 'x' }], [{ type: 'text' }]], systems],
  ['session', [5, {}, []], 'session must be a string'],
  ['agent', [5, {}], 'agent must be a string'],
  ['tags', [5, 'x', [], { a: 5 }, { a: null }, tagsOf(101)], 'tags must be an object of at most 100 strings'],
  ['tools', [5, 'x', [], Promise.resolve({})], toolSet],
  ['toolChoice', [5, 'any', {}, { type: 'tool' }, { tool: 5 }], choice],
  ['toolChoice', ['requird'], 'did you mean "required"?'],
  ['signal', [5, {}, new AbortController()], 'signal must be an AbortSignal'],
  ['onInterrupt', ['x', 5], 'onInterrupt must be "reset", "fail" or "continue"'],
  ['stream', ['no', 0], 'stream must be true or false'],
  ['providerOptions', [5, 'x', [], { a: null }, { a: 5 }, { a: [] }], options],
  ...[
    'maxOutputTokens',
    'temperature',
    'topP',
    'seed',
    'stop',
    'reasoning',
    'system',
    'session',
    'agent',
    'tags',
    'tools',
    'toolChoice',
    'signal',
    'onInterrupt',
    'stream',
    'providerOptions',
  ].map((name) => [name, [null], nothing] as const),
]
const cases = wrong.flatMap(([name, values, message]) => values.map((value) => [name, value, message] as const))

describe('an option refuses, as a default and in a call,', () => {
  test.each(cases)('%s: %j', async (name, value, message) => {
    const { router, providers } = rig({ a: [answered('ok')] })
    const more = { [name]: value } as CallDefaults // wrong on purpose
    const refused = expect.objectContaining({ kind: 'config', message: expect.stringContaining(message) as unknown })
    const call = { messages: 'x', ...more } as ChatCall
    await expect(router.complete(call)).rejects.toEqual(refused)
    expect(thrownBy(() => router.plan(call))).toEqual(refused)
    expect(thrownBy(() => router.with(more))).toEqual(refused)
    expect(thrownBy(() => new Router({ providers: [providers.a], ...more, model: 'a/m' }))).toEqual(refused)
    expect(providers.a.chats).toBe(0)
  })
})

test('what is right passes', async () => {
  const { router, providers } = rig({ a: [answered('ok')] })
  const look = { inputSchema: jsonSchema({}) }
  for (const more of [
    { temperature: 0, topP: 1, seed: -1, stop: [], reasoning: 'max', system: '', tags: {}, stream: false },
    { reasoning: { maxTokens: 1 }, system: [{ type: 'text', text: 'x' }], providerOptions: { a: undefined, b: {} } },
    {
      tools: () => ({ look }),
      toolChoice: { tool: 'look' },
      signal: new AbortController().signal,
      onInterrupt: 'continue',
    },
  ] as CallDefaults[])
    await router.complete({ messages: 'x', ...more })
  expect(providers.a.chats).toBe(3)
})

const z = (input: () => Record<string, unknown>): object => ({
  '~standard': { version: 1, vendor: 'own', validate: (value: unknown) => ({ value }), jsonSchema: { input } },
})
const dated = z(() => {
  throw new Error('Date cannot be represented')
})

const schemas: readonly (readonly [call: object, message: string])[] = [
  [{ output: { type: 'object' } }, 'output: this is no schema that can check an answer; wrap a plain JSON Schema in'],
  [{ output: {} }, 'output: this is no schema that can check an answer'],
  [{ output: null }, 'output must be a schema: a zod object or jsonSchema()'],
  [{ output: 'x' }, 'output must be a schema: a zod object or jsonSchema()'],
  [{ output: dated }, 'output: its schema cannot be written as JSON Schema: Date cannot be represented'],
  [{ tools: { look: { inputSchema: { type: 'object' } } } }, 'the tool "look": this is no schema that can check'],
  [{ tools: { look: { inputSchema: dated } } }, 'the tool "look": its schema cannot be written as JSON Schema'],
  [{ tools: { look: { inputSchema: null } } }, 'the tool "look" must be a schema'],
  [{ tools: { look: null } }, 'the tool "look" has no inputSchema'],
  [{ tools: async () => ({}) }, 'the function given as tools must return an object of tools by name, at once'],
  [{ tools: () => [] }, 'the function given as tools must return an object of tools by name'],
  [{ onEvent: 5 }, 'onEvent must be a function'],
]

test.each(schemas)('a call with %j says what would be right', async (more, message) => {
  const { router } = rig({ a: [answered('ok')] })
  const error: unknown = await router
    .complete({ messages: 'x', ...more } as CompleteCall)
    .catch((each: unknown) => each)
  expect(error).toMatchObject({ kind: 'config', message: expect.stringContaining(message) as unknown })
})

test.each([undefined, null, 5, []])('%j is neither a call nor options', async (value) => {
  const { router } = rig({ a: [answered('ok')] })
  await expect(router.complete(value as unknown as ChatCall)).rejects.toMatchObject({ kind: 'config' })
  for (const run of [
    () => router.stream(value as unknown as ChatCall),
    () => router.plan(value as unknown as ChatCall),
    () => router.with(value as unknown as CallDefaults),
    () => new Router(value as unknown as RouterOptions),
  ])
    expect(thrownBy(run)).toMatchObject({ kind: 'config', message: expect.stringContaining('an object') as unknown })
})

test('a string in place of a call is told where it belongs, and not repeated', async () => {
  const { router } = rig({ a: [answered('ok')] })
  const error: unknown = await router.complete('secret' as unknown as ChatCall).catch((each: unknown) => each)
  expect(error).toMatchObject({ message: 'a call is an object; write { messages: "..." } around the string' })
})

function thrownBy(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  return undefined
}
