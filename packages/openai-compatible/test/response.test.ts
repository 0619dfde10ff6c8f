import type { Provider } from '@wayfare/core'
import { expect, test } from 'vitest'
import { openaiCompatible } from '../src/index.ts'
import { answering, broken, events, sse, chunk, textOf } from './call.ts'

const server = (body: unknown, options: Parameters<typeof answering>[1] = {}): Provider =>
  openaiCompatible({
    name: 'acme',
    baseURL: 'https://api.invalid/v1',
    fetch: answering(typeof body === 'string' ? body : JSON.stringify(body), { type: 'application/json', ...options }),
  })

const answer = {
  id: 'c1',
  object: 'chat.completion',
  model: 'm-1',
  choices: [
    {
      index: 0,
      message: {
        role: 'assistant',
        content: 'Hé👋lo',
        reasoning_content: 'Hmm.',
        tool_calls: [{ id: 'a', type: 'function', function: { name: 'one', arguments: '{"x":1}' } }],
      },
      finish_reason: 'tool_calls',
    },
  ],
  usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
}

test.each([1, 7, 65_536])('one body in slices of %i bytes, after blank lines, asked for or not', async (size) => {
  for (const stream of [false, true]) {
    const all = await events(server(`\n\n${JSON.stringify(answer)}`, { size }), { stream })
    expect(all).toMatchObject([
      { type: 'start', id: 'c1', model: 'm-1', requestId: 'req-1' },
      { type: 'reasoning_delta', text: 'Hmm.' },
      { type: 'text_delta', text: 'Hé👋lo' },
      { type: 'tool_call_delta', index: 0, id: 'a', name: 'one', rawInput: '{"x":1}' },
      { type: 'usage', usage: { input: 10, output: 5 } },
      { type: 'part', part: { type: 'reasoning', text: 'Hmm.' } },
      { type: 'part', part: { type: 'tool_call', id: 'a', name: 'one', input: { x: 1 } } },
      { type: 'finish', reason: 'tool_calls' },
    ])
  }
})

test('a stream that nobody asked for is read as one', async () => {
  const body = sse([chunk({ content: 'x' }), chunk({}, 'stop')])
  expect(textOf(await events(server(body, { type: 'text/event-stream' }), { stream: false }))).toBe('x')
})

test('content in parts, thinking among them', async () => {
  const content = [
    { type: 'thinking', thinking: [{ type: 'text', text: 'Hmm.' }] },
    { type: 'text', text: 'Yes.' },
  ]
  const all = await events(server({ ...answer, choices: [{ message: { content }, finish_reason: 'stop' }] }))
  expect(all.map((event) => event.type)).toEqual(['start', 'reasoning_delta', 'text_delta', 'usage', 'part', 'finish'])
})

test.each<[string, unknown, object]>([
  ['an error in a successful body', { error: { code: 502, message: 'x' } }, { kind: 'server' }],
  ['a flat error', { object: 'error', code: 429, message: 'x' }, { kind: 'rate_limit' }],
  ['no choices', { id: 'c1', object: 'chat.completion' }, { kind: 'protocol' }],
  ['empty choices', { id: 'c1', choices: [] }, { kind: 'protocol' }],
  ['a list', [], { kind: 'protocol' }],
  ['half a body', '{"id":"c1","choices":[{"mess', { kind: 'protocol' }],
  ['no body', '', { kind: 'protocol' }],
])('%s is an error', async (_, body, expected) => {
  for (const stream of [false, true]) expect((await broken(server(body), { stream })).error).toMatchObject(expected)
})
