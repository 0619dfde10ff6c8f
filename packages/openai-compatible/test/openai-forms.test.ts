import type { Message } from '@wayfare/core'
import { expect, test } from 'vitest'
import { fromOpenAIMessages, fromOpenAITools, readOpenAIStream, toOpenAIMessages } from '../src/index.ts'
import { chunk, sse } from './call.ts'

const call = { id: 'a', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } }
const theirs = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'Weather?' },
  {
    role: 'user',
    content: [
      { type: 'text', text: 'See:' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBO' } },
    ],
  },
  { role: 'assistant', content: null, tool_calls: [call, { ...call, id: 'b' }] },
  { role: 'tool', tool_call_id: 'a', content: 'sun' },
  { role: 'tool', tool_call_id: 'b', content: 'rain' },
  { role: 'assistant', content: 'Sun.' },
]
const part = { type: 'tool_call', name: 'weather', input: { city: 'Oslo' }, rawInput: '{"city":"Oslo"}' } as const
const ours: Message[] = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'Weather?' },
  {
    role: 'user',
    content: [
      { type: 'text', text: 'See:' },
      { type: 'file', mediaType: 'image/png', data: 'iVBO' },
    ],
  },
  {
    role: 'assistant',
    content: [
      { ...part, id: 'a' },
      { ...part, id: 'b' },
    ],
  },
  {
    role: 'tool',
    content: [
      { type: 'tool_result', id: 'a', name: 'weather', output: 'sun' },
      { type: 'tool_result', id: 'b', name: 'weather', output: 'rain' },
    ],
  },
  { role: 'assistant', content: [{ type: 'text', text: 'Sun.' }] },
]

test("a history in OpenAI's form becomes ours, and ours theirs again", () => {
  expect(fromOpenAIMessages(theirs)).toEqual(ours)
  expect(toOpenAIMessages(ours)).toEqual(theirs)
})

test('developer is system, refusals are text, arguments that are not JSON are marked', () => {
  const bad = { ...call, function: { name: 'weather', arguments: '{"ci' } }
  const history = [
    { role: 'developer', content: 'x' },
    { role: 'assistant', refusal: 'No.', content: null, tool_calls: [bad] },
  ]
  expect(fromOpenAIMessages(history)).toMatchObject([
    { role: 'system', content: 'x' },
    {
      role: 'assistant',
      content: [
        { type: 'text', text: 'No.' },
        { invalid: true, rawInput: '{"ci' },
      ],
    },
  ])
})

test('a role that is none is named', () => {
  expect(() => fromOpenAIMessages([{ role: 'robot' }])).toThrow('a message has the role "robot"; use system')
})

test('function tools become a set of tools', () => {
  const parameters = { type: 'object', properties: { city: { type: 'string' } } }
  const tools = fromOpenAITools([
    { type: 'function', function: { name: 'weather', description: 'Tells it.', parameters } },
    { type: 'function', function: { name: 'time' } },
    { type: 'web_search' },
  ])
  expect(Object.keys(tools)).toEqual(['weather', 'time'])
  expect(tools['weather']).toMatchObject({ description: 'Tells it.', inputSchema: { jsonSchema: parameters } })
})

const stream = [
  chunk({ reasoning_content: 'Hmm.' }),
  chunk({ content: 'Hé👋' }),
  chunk({ content: 'lo' }),
  chunk({ tool_calls: [{ index: 0, ...call }] }),
  chunk({}, 'tool_calls'),
  {
    ...chunk({}),
    choices: [],
    usage: { prompt_tokens: 10, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 4 } },
  },
]

test.each([1, 7, 65_536])('a stream fetched by other means, in slices of %i bytes, is one result', async (size) => {
  const seen: string[] = []
  const result = await readOpenAIStream(slices(sse(stream), size), { onEvent: (event) => seen.push(event.type) })
  expect(result).toEqual({
    content: 'Hé👋lo',
    reasoningContent: 'Hmm.',
    toolCalls: [{ ...part, id: 'a' }],
    model: 'm-1',
    finishReason: 'tool_calls',
    rawFinishReason: 'tool_calls',
    usage: { input: 6, cacheRead: 4, cacheWrite: 0, cacheWrite1h: 0, output: 5, reasoning: 0, total: 15 },
  })
  expect(seen).toEqual([
    'start',
    'reasoning_delta',
    'text_delta',
    'text_delta',
    'tool_call_delta',
    'usage',
    'part',
    'part',
    'finish',
  ])
})

test('a stream that ends early is no result', async () => {
  await expect(readOpenAIStream(slices(sse([chunk({ content: 'x' })], { done: false }), 7))).rejects.toMatchObject({
    kind: 'stream_truncated',
  })
})

test('what onEvent throws ends the reading and closes the body', async () => {
  let closed = false
  async function* body(): AsyncGenerator<Uint8Array> {
    try {
      for await (const slice of slices(sse(stream), 7)) yield slice
    } finally {
      closed = true
    }
  }
  const reading = readOpenAIStream(body(), {
    onEvent: () => {
      throw new Error('mine')
    },
  })
  await expect(reading).rejects.toThrow('mine')
  expect(closed).toBe(true)
})

async function* slices(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
