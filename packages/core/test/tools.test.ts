import { describe, expect, test } from 'vitest'
import { jsonSchema, runTools, tool, toolResult } from '@wayfare/core'
import type { ToolContext } from '@wayfare/core'
import { answered, call, finish } from './kit/events.ts'
import { rig } from './kit/rig.ts'

const Sum = jsonSchema<{ a: number; b: number }>(
  { type: 'object' },
  {
    validate: (value) => {
      const { a, b } = value as { a: unknown; b: unknown }
      if (Number.isNaN(Number(a)) || Number.isNaN(Number(b))) throw new Error('a and b must be numbers')
      return { a: Number(a), b: Number(b) }
    },
  },
)
const contexts: ToolContext[] = []
const tools = {
  sum: tool({
    description: 'adds',
    inputSchema: Sum,
    execute: ({ a, b }, context) => {
      contexts.push(context)
      return a + b
    },
  }),
  fail: tool({
    inputSchema: jsonSchema<object>({}),
    execute: (): string => {
      throw new Error('out of order')
    },
  }),
  deaf: tool({ inputSchema: jsonSchema<object>({}) }),
}

const ask = (...calls: Parameters<typeof call>[]) =>
  rig({ a: [[...calls.map((each) => call(...each)), finish('tool_calls')]] }).router.complete({ messages: 'x', tools })

describe('a call', () => {
  test('carries the output of its schema, and the message what the model wrote', async () => {
    const { toolCalls, message } = await ask(['sum', { a: '1', b: '2' }])
    expect(toolCalls).toEqual([{ id: 'call_sum', name: 'sum', input: { a: 1, b: 2 }, rawInput: '{"a":"1","b":"2"}' }])
    expect(message.content).toMatchObject([{ type: 'tool_call', input: { a: '1', b: '2' } }])
  })

  test('that its schema refuses is invalid, with a problem for the model', async () => {
    const { toolCalls, finishReason } = await ask(['sum', { a: 'x', b: 1 }])
    expect(finishReason).toBe('tool_calls')
    expect(toolCalls).toMatchObject([
      {
        invalid: true,
        input: { a: 'x', b: 1 },
        problem: 'the arguments do not fit the schema: a and b must be numbers',
      },
    ])
  })
})

describe('the request', () => {
  test('has the tools as JSON Schema, and the choice', async () => {
    const { router, providers } = rig({ a: [answered('ok')] }, { tools })
    await router.complete({ messages: 'x', toolChoice: { tool: 'sum' } })
    expect(providers.a.sent[0]?.request).toMatchObject({
      tools: [
        { name: 'sum', description: 'adds', inputSchema: { type: 'object' } },
        { name: 'fail', inputSchema: {} },
        { name: 'deaf', inputSchema: {} },
      ],
      toolChoice: { tool: 'sum' },
    })
  })

  test('asks a source of tools at every call', async () => {
    let asked = 0
    const { router, providers } = rig({ a: [answered('ok')] })
    router.setTools(() => (asked++ === 0 ? {} : tools))
    await router.complete({ messages: 'x' })
    await router.complete({ messages: 'x' })
    expect(providers.a.sent.map(({ request }) => request.tools.length)).toEqual([0, 3])
  })
})

describe('runTools', () => {
  test('answers every call, in order, whatever becomes of it', async () => {
    const { toolCalls } = await ask(
      ['sum', { a: 1, b: 2 }],
      ['fail', {}],
      ['deaf', {}],
      ['sum', {}, { id: 'bad' }],
      ['fly', {}],
      ['toString', {}],
    )
    const message = await runTools(toolCalls, tools)
    expect(message.role).toBe('tool')
    expect(message.content).toMatchObject([
      { type: 'tool_result', id: 'call_sum', name: 'sum', output: '3' },
      { id: 'call_fail', output: 'out of order', isError: true },
      { id: 'call_deaf', output: 'the tool deaf cannot be run here', isError: true },
      { id: 'bad', output: 'the arguments do not fit the schema: a and b must be numbers', isError: true },
      { id: 'call_fly', output: 'there is no tool named "fly"; the tools are: sum, fail, deaf', isError: true },
      { id: 'call_toString', isError: true },
    ])
    expect(message.content[0]).not.toHaveProperty('isError')
  })

  test('tells execute which call it answers, and hands on the signal', async () => {
    contexts.length = 0
    const { signal } = new AbortController()
    const { toolCalls } = await ask(['sum', { a: 1, b: 2 }])
    await runTools(toolCalls, tools, { signal })
    expect(contexts).toEqual([{ id: 'call_sum', name: 'sum', signal }])
  })
})

describe('toolResult', () => {
  const parts = [{ type: 'text', text: 'a' }] as const
  test.each([
    ['a string', 'as it is', 'as it is'],
    ['an object', { a: 1 }, '{"a":1}'],
    ['a number', 3, '3'],
    ['null', null, 'null'],
    ['nothing', undefined, 'null'],
    ['parts', parts, parts],
    ['an empty list', [], '[]'],
    ['a list of others', [{ type: 'number' }], '[{"type":"number"}]'],
    ['a list of files of its own', [{ type: 'file', name: 'a.txt' }], '[{"type":"file","name":"a.txt"}]'],
    ['texts without text', [{ type: 'text', body: 'a' }], '[{"type":"text","body":"a"}]'],
    [
      'a file of two sources',
      [{ type: 'file', mediaType: 'a/b', data: 'AAAA', url: 'https://a.example' }],
      '[{"type":"file","mediaType":"a/b","data":"AAAA","url":"https://a.example"}]',
    ],
  ])('takes %s', (_, output, expected) => {
    expect(toolResult({ id: 'i', name: 'n' }, output)).toEqual({
      type: 'tool_result',
      id: 'i',
      name: 'n',
      output: expected,
    })
  })

  const cycle: { self?: unknown } = {}
  cycle.self = cycle
  test.each([
    ['a BigInt', { n: 1n }],
    ['a Symbol', Symbol('s')],
    ['a function', () => 1],
    ['a cycle', cycle],
  ])('calls %s an error: JSON cannot hold it', (_, output) => {
    const result = toolResult({ id: 'i', name: 'n' }, output)
    expect(result).toMatchObject({ isError: true, output: expect.stringContaining('JSON cannot hold') as unknown })
  })

  test.each([
    ['an object without a text', Object.create(null) as unknown, 'the tool threw something that has no text'],
    ['a symbol', Symbol('odd'), 'Symbol(odd)'],
    ['nothing', undefined, 'undefined'],
  ])('runTools answers though execute throws %s', async (_, thrown, output) => {
    const inputSchema = jsonSchema({})
    const bad = { inputSchema, execute: () => Promise.reject(thrown as Error) } // anything may be thrown
    const message = await runTools([{ id: 'i', name: 'bad', input: {}, rawInput: '{}' }], { bad })
    expect(message.content).toEqual([{ type: 'tool_result', id: 'i', name: 'bad', output, isError: true }])
  })

  test('takes an Error as an error, unless told otherwise', () => {
    expect(toolResult({ id: 'i', name: 'n' }, new Error('no'))).toMatchObject({ output: 'no', isError: true })
    expect(toolResult({ id: 'i', name: 'n' }, new Error('no'), { isError: false })).not.toHaveProperty('isError')
    expect(toolResult({ id: 'i', name: 'n' }, 'no', { isError: true })).toMatchObject({ isError: true })
  })
})
