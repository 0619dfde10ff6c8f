import type { ProviderMessage, ProviderRequest } from '@wayfare/core'
import { describe, expect, test } from 'vitest'
import { chatBody } from '../src/request.ts'
import { request } from './call.ts'

const dialect = { vendor: 'acme', baseURL: '' }
const body = (more: Partial<ProviderRequest>): object => chatBody(request(more), dialect).body
const user: ProviderMessage = { role: 'user', content: [{ type: 'text', text: 'Hi' }] }

test('the least request says the least', () => {
  expect(chatBody(request(), dialect)).toEqual({
    body: { model: 'm', messages: [{ role: 'user', content: 'Hi' }], stream: true },
    warnings: [],
  })
})

test('every setting has its place', () => {
  const tools = [{ name: 'one', description: 'Does it.', inputSchema: { type: 'object' } }]
  const output = { name: 'answer', schema: { type: 'object' } }
  const sampling = { maxOutputTokens: 9, temperature: 0, topP: 0.5, seed: 7, stop: ['x'], reasoning: 'high' as const }
  expect(body({ ...sampling, tools, output, toolChoice: { tool: 'one' }, stream: false })).toEqual({
    model: 'm',
    messages: [{ role: 'user', content: 'Hi' }],
    stream: false,
    max_tokens: 9,
    temperature: 0,
    top_p: 0.5,
    seed: 7,
    stop: ['x'],
    reasoning_effort: 'high',
    tools: [{ type: 'function', function: { name: 'one', description: 'Does it.', parameters: { type: 'object' } } }],
    tool_choice: { type: 'function', function: { name: 'one' } },
    response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: { type: 'object' } } },
  })
})

test("the vendor's own options pass through, and win", () => {
  expect(body({ temperature: 1, options: { temperature: 2, top_k: 5 } })).toMatchObject({ temperature: 2, top_k: 5 })
})

test.each<[string, Record<string, unknown>]>([
  ['the limit', { max_tokens: 50_000 }],
  ['the other spelling of the limit', { max_completion_tokens: 50_000 }],
  ['a limit in capitals', { Max_Tokens: 50_000 }],
  ['the model', { model: 'dear' }],
  ['the messages', { messages: [] }],
  ['the form of the answer', { stream: false }],
  ['the count of answers as it is', { n: undefined }],
])('options do not change what the budget was reserved for: %s', (_, options) => {
  expect(JSON.parse(JSON.stringify(body({ maxOutputTokens: 9, options })))).toEqual(body({ maxOutputTokens: 9 }))
})

test('without a limit of the call, that of the options stands', () => {
  expect(body({ options: { max_completion_tokens: 7 } })).toMatchObject({ max_completion_tokens: 7 })
})

test.each([100, 0, '2', 1.5])('options that ask for %j answers are refused', (n) => {
  expect(() => body({ options: { n } })).toThrow(expect.objectContaining({ kind: 'config' }))
})

test('options cannot turn off the usage of a stream that the dialect asks for', () => {
  const asked = { ...dialect, asksForUsage: true }
  const made = (more: unknown): unknown => chatBody(request({ options: { stream_options: more } }), asked).body
  expect(made(null)).toMatchObject({ stream_options: { include_usage: true } })
  expect(made({ include_usage: false, other: 1 })).toMatchObject({ stream_options: { include_usage: true, other: 1 } })
})

test.each<[ProviderRequest['reasoning'], string, number]>([
  ['none', 'low', 1],
  ['medium', 'medium', 0],
  ['max', 'high', 1],
  [{ maxTokens: 500 }, 'low', 1],
  [{ maxTokens: 10_000 }, 'medium', 1],
])('the wish for %j reasoning is rounded to %s', (reasoning, effort, warnings) => {
  const made = chatBody(request({ reasoning }), dialect)
  expect(made.body['reasoning_effort']).toBe(effort)
  expect(made.warnings).toHaveLength(warnings)
})

describe('messages', () => {
  const messages = (...history: ProviderMessage[]): unknown =>
    (chatBody(request({ messages: history }), dialect).body as { messages: unknown }).messages

  test('tool calls and their results', () => {
    const history: ProviderMessage[] = [
      { role: 'system', content: [{ type: 'text', text: 'Be brief.' }] },
      user,
      {
        role: 'assistant',
        content: [
          { type: 'tool_call', id: 'a', name: 'one', input: { x: 1 }, rawInput: '{"x": 1}' },
          { type: 'tool_call', id: 'b', name: 'two', input: {}, rawInput: '{"x', invalid: true },
          { type: 'tool_call', id: 'c', name: 'three', input: {}, rawInput: '' },
        ],
      },
      {
        role: 'tool',
        content: [
          { type: 'tool_result', id: 'a', name: 'one', output: '2' },
          { type: 'tool_result', id: 'b', name: 'two', output: [{ type: 'text', text: 'bad' }], isError: true },
          {
            type: 'tool_result',
            id: 'c',
            name: 'three',
            output: [{ type: 'file', mediaType: 'image/png', data: 'iVBO' }],
          },
        ],
      },
    ]
    const call = (id: string, name: string, args: string): object => ({
      id,
      type: 'function',
      function: { name, arguments: args },
    })
    expect(messages(...history)).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hi' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [call('a', 'one', '{"x": 1}'), call('b', 'two', '{}'), call('c', 'three', '{}')],
      },
      { role: 'tool', tool_call_id: 'a', content: '2' },
      { role: 'tool', tool_call_id: 'b', content: 'bad' },
      { role: 'tool', tool_call_id: 'c', content: '(1 file(s) of this result follow in the next message)' },
      { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,iVBO' } }] },
    ])
  })

  test('files of results follow after the results of the whole turn', () => {
    const call = { type: 'tool_call', name: 't', input: {}, rawInput: '{}' } as const
    const made = messages(
      { role: 'assistant', content: ['a', 'b'].map((id) => ({ ...call, id })) },
      {
        role: 'tool',
        content: [
          {
            type: 'tool_result',
            id: 'a',
            name: 't',
            output: [{ type: 'file', mediaType: 'image/png', data: 'iVBO' }],
          },
        ],
      },
      { role: 'tool', content: [{ type: 'tool_result', id: 'b', name: 't', output: 'x' }] },
    ) as { role: string }[]
    expect(made.map(({ role }) => role)).toEqual(['assistant', 'tool', 'tool', 'user'])
  })

  test.each(['x'.repeat(41), 'functions.t:0', ''])('the id "%s" is replaced by one that strict servers take', (id) => {
    const made = messages(
      { role: 'assistant', content: [{ type: 'tool_call', id, name: 't', input: {}, rawInput: '{}' }] },
      { role: 'tool', content: [{ type: 'tool_result', id, name: 't', output: 'x' }] },
    )
    expect(made).toMatchObject([{ tool_calls: [{ id: 'call_0' }] }, { tool_call_id: 'call_0' }])
  })

  test('a file that a model made is left out with a warning', () => {
    const file = { type: 'file', mediaType: 'image/png', data: 'iVBO' } as const
    const history: ProviderMessage[] = [
      { role: 'assistant', content: [{ type: 'text', text: 'Here.' }, file] },
      { role: 'assistant', content: [{ type: 'text', text: 'And here.' }, file] },
    ]
    const made = chatBody(request({ messages: history }), dialect)
    expect(made.body['messages']).toEqual([
      { role: 'assistant', content: 'Here.' },
      { role: 'assistant', content: 'And here.' },
    ])
    expect(made.warnings).toMatchObject([{ code: 'file_dropped' }])
  })

  test('files of a user', () => {
    const content: ProviderMessage = {
      role: 'user',
      content: [
        { type: 'text', text: 'See:' },
        { type: 'file', mediaType: 'image/png', url: 'https://x.invalid/a.png' },
        { type: 'file', mediaType: 'image/png', data: new Uint8Array([1, 2, 3]) },
        { type: 'file', mediaType: 'audio/wav', data: 'AAAA' },
        { type: 'file', mediaType: 'application/pdf', data: 'JVBE', filename: 'a.pdf' },
      ],
    }
    expect(messages(content)).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'See:' },
          { type: 'image_url', image_url: { url: 'https://x.invalid/a.png' } },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AQID' } },
          { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } },
          { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBE' } },
        ],
      },
    ])
  })

  test.each<[string, ProviderMessage]>([
    ['a video', { role: 'user', content: [{ type: 'file', mediaType: 'video/mp4', data: 'AAAA' }] }],
    [
      'a PDF by URL',
      { role: 'user', content: [{ type: 'file', mediaType: 'application/pdf', url: 'https://x.invalid' }] },
    ],
  ])('%s is unsupported before anything is sent', (_, message) => {
    expect(() => messages(message)).toThrow(expect.objectContaining({ kind: 'unsupported' }))
  })

  test('reasoning goes back into the field it came from, and only to its vendor', () => {
    const thought = (vendor: string, field: string): ProviderMessage => ({
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'Hmm.', providerMetadata: { [vendor]: { field } } },
        { type: 'text', text: 'Yes.' },
      ],
    })
    expect(messages(thought('acme', 'reasoning'))).toEqual([{ role: 'assistant', content: 'Yes.', reasoning: 'Hmm.' }])
    expect(messages(thought('acme', 'content'))).toEqual([{ role: 'assistant', content: 'Yes.' }])
    const foreign = chatBody(request({ messages: [thought('other', 'reasoning')] }), dialect)
    expect(foreign.body['messages']).toEqual([{ role: 'assistant', content: 'Yes.' }])
    expect(foreign.warnings).toMatchObject([{ code: 'reasoning_dropped' }])
  })
})

test('a dialect declares what it does differently', () => {
  const own = chatBody(
    request({
      maxOutputTokens: 5,
      messages: [{ role: 'system', content: [{ type: 'text', text: 'x', cache: true }] }],
    }),
    {
      ...dialect,
      maxTokensField: 'max_completion_tokens',
      asksForUsage: true,
      systemRole: () => 'developer',
      cacheControl: true,
      adapt: (made) => ({ body: { ...made, extra: 1 }, warnings: [{ code: 'x', message: 'x' }] }),
    },
  )
  expect(own.body).toEqual({
    model: 'm',
    messages: [{ role: 'developer', content: [{ type: 'text', text: 'x', cache_control: { type: 'ephemeral' } }] }],
    stream: true,
    stream_options: { include_usage: true },
    max_completion_tokens: 5,
    extra: 1,
  })
  expect(own.warnings).toHaveLength(1)
})
