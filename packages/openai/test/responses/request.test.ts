import type { FilePart, JSONSchema, ProviderRequest } from '@wayfare/core'
import { describe, expect, test } from 'vitest'
import { openai } from '../../src/index.ts'
import { answering, broken, events, request, sse } from '../call.ts'
import { completed } from './stream.ts'

/** What is sent, and the warnings that the answer begins with. */
async function sent(
  more: Partial<ProviderRequest>,
): Promise<{ body: Record<string, unknown>; codes: string[]; url: string; headers: Headers }> {
  let body: Record<string, unknown> = {}
  let url = ''
  let headers = new Headers()
  const server = answering(sse([completed()], { done: false }))
  const provider = openai({
    apiKey: 'k',
    headers: { 'openai-project': 'p' },
    fetch: (address, init) => {
      url = address instanceof URL ? address.href : ''
      headers = new Headers(init?.headers)
      body = JSON.parse(init?.body as string) as Record<string, unknown>
      return server(address)
    },
  })
  const [start] = await events(provider, more)
  const warnings = start?.type === 'start' ? (start.warnings ?? []) : []
  return { body, codes: warnings.map((warning) => warning.code), url, headers }
}

const closed: JSONSchema = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
}

test('a request to a model that reasons', async () => {
  const made = await sent({
    model: 'gpt-6-mini',
    messages: [{ role: 'system', content: [{ type: 'text', text: 'Be brief.' }] }, ...request().messages],
    maxOutputTokens: 99,
    temperature: 0.5,
    topP: 0.5,
    seed: 7,
    reasoning: 'high',
    tools: [{ name: 'weather', description: 'Tells it.', inputSchema: closed }],
    toolChoice: { tool: 'weather' },
    output: { name: 'answer', schema: closed },
  })
  expect(made.url).toBe('https://api.openai.com/v1/responses')
  expect(made.headers.get('authorization')).toBe('Bearer k')
  expect(made.headers.get('openai-project')).toBe('p')
  expect(made.body).toEqual({
    model: 'gpt-6-mini',
    input: [
      { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'Be brief.' }] },
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hi' }] },
    ],
    stream: true,
    store: false,
    include: ['reasoning.encrypted_content'],
    max_output_tokens: 99,
    reasoning: { effort: 'high' },
    text: { format: { type: 'json_schema', name: 'answer', schema: closed, strict: true } },
    tools: [{ type: 'function', name: 'weather', description: 'Tells it.', parameters: closed, strict: true }],
    tool_choice: { type: 'function', name: 'weather' },
  })
  expect(made.codes).toEqual(['sampling_dropped', 'sampling_dropped', 'sampling_dropped'])
})

test('a request to a model that does not reason keeps its sampling and asks for no reasoning', async () => {
  const made = await sent({ model: 'gpt-4o-mini', temperature: 0.5, topP: 0.5, stream: false })
  expect(made.body).toEqual({
    model: 'gpt-4o-mini',
    input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hi' }] }],
    stream: false,
    store: false,
    temperature: 0.5,
    top_p: 0.5,
  })
  expect(made.codes).toEqual([])
})

test('sampling stays while reasoning is off, whoever turned it off', async () => {
  const off: Partial<ProviderRequest>[] = [{ reasoning: 'none' }, { options: { reasoning: { effort: 'none' } } }]
  for (const more of off) {
    const made = await sent({ model: 'gpt-5.4', temperature: 0.5, ...more })
    expect(made.body).toMatchObject({ temperature: 0.5, reasoning: { effort: 'none' } })
    expect(made.codes).toEqual([])
  }
})

test.each<[string, ProviderRequest['reasoning'], string | undefined, string[]]>([
  ['gpt-5.6', 'max', 'max', []],
  ['gpt-6-mini', 'xhigh', 'xhigh', []],
  ['gpt-5.4', 'max', 'xhigh', ['reasoning_rounded']],
  ['gpt-5-mini', 'none', 'minimal', ['reasoning_rounded']],
  ['gpt-5.1', 'minimal', 'none', ['reasoning_rounded']],
  ['gpt-5-pro', 'low', 'high', ['reasoning_rounded']],
  ['gpt-5.2-pro', 'low', 'medium', ['reasoning_rounded']],
  ['o4-mini', 'xhigh', 'high', ['reasoning_rounded']],
  ['gpt-4o-mini', 'high', undefined, ['reasoning_rounded']],
  ['gpt-5.6', { maxTokens: 100_000 }, 'xhigh', ['reasoning_rounded']],
])('%s asked for %j gets %s', async (model, reasoning, effort, codes) => {
  const made = await sent({ model, reasoning, tools: [{ name: 'one', inputSchema: closed }] })
  expect(made.body['reasoning']).toEqual(effort && { effort })
  expect(made.codes).toEqual(codes)
})

test.each(['none', 'required'] as const)('the tool choice %s goes with tools alone', async (toolChoice) => {
  expect((await sent({ toolChoice })).body).not.toHaveProperty('tool_choice')
  const tools = [{ name: 'one', inputSchema: closed }]
  expect((await sent({ toolChoice, tools })).body['tool_choice']).toBe(toolChoice)
})

test('options are joined with the call or sent as they stand, and do not touch what the budget was reserved for', async () => {
  const made = await sent({
    model: 'gpt-6-mini',
    reasoning: 'low',
    maxOutputTokens: 50,
    tools: [{ name: 'one', inputSchema: closed }],
    output: { name: 'answer', schema: closed },
    options: {
      reasoning: { summary: 'auto' },
      verbosity: 'low',
      text: { format: { type: 'text' } },
      tools: [{ type: 'web_search' }],
      include: ['web_search_call.action.sources', 'reasoning.encrypted_content'],
      service_tier: 'flex',
      prompt_cache_key: 'k',
      parallel_tool_calls: false,
      model: 'gpt-9',
      input: 'x',
      stream: false,
      max_output_tokens: 9000,
    },
  })
  expect(made.body).toMatchObject({
    model: 'gpt-6-mini',
    input: [{ role: 'user' }],
    stream: true,
    max_output_tokens: 50,
    reasoning: { effort: 'low', summary: 'auto' },
    text: { verbosity: 'low', format: { type: 'json_schema' } },
    tools: [{ type: 'function' }, { type: 'web_search' }],
    include: ['reasoning.encrypted_content', 'web_search_call.action.sources'],
    service_tier: 'flex',
    prompt_cache_key: 'k',
    parallel_tool_calls: false,
    store: false,
  })
})

test('what the vendor stores is found by its id', async () => {
  const content = [
    { type: 'reasoning', text: '', providerMetadata: { openai: { item: { id: 'rs_1', encrypted_content: 'e' } } } },
    { type: 'text', text: 'Yes.', providerMetadata: { openai: { item: { id: 'msg_1', status: 'completed' } } } },
  ] as const
  const messages = [{ role: 'assistant', content } as const, ...request().messages]
  const made = await sent({ messages, options: { store: true } })
  expect(made.body).toMatchObject({ store: true, input: [{ type: 'reasoning', id: 'rs_1' }, { id: 'msg_1' }, {}] })
})

test('what comes of a thought that is left out goes without its id, or with it where it needs one', async () => {
  const blocks = ['web_search_call', 'code_interpreter_call', 'mcp_call', 'compaction'].map((kind) => ({
    type: 'provider' as const,
    vendor: 'openai',
    kind,
    value: { type: kind, id: `${kind}_1` },
  }))
  const content = [
    blocks[0]!,
    { type: 'reasoning', text: 'Hm.', providerMetadata: { openai: { item: { id: 'rs_1' } } } },
    ...blocks,
    {
      type: 'file',
      mediaType: 'image/png',
      data: 'AAAA',
      providerMetadata: { openai: { item: { id: 'ig_1', status: 'completed' } } },
    },
    { type: 'text', text: 'Yes.', providerMetadata: { openai: { item: { id: 'msg_1', status: 'completed' } } } },
  ] as const
  const messages = [{ role: 'assistant', content } as const, ...request().messages]
  const made = await sent({ model: 'gpt-6-mini', messages })
  const text = { type: 'output_text', text: 'Yes.', annotations: [] }
  expect(made.body['input']).toEqual([
    { type: 'web_search_call', id: 'web_search_call_1' },
    { type: 'compaction' },
    { type: 'message', status: 'completed', role: 'assistant', content: [text] },
    expect.objectContaining({ role: 'user' }),
  ])
  expect(made.codes).toEqual(['reasoning_dropped', 'block_dropped'])
})

test('a call whose input was lost goes back with an empty one', async () => {
  const providerMetadata = { openai: { item: { id: 'fc_1' } } }
  const call = {
    type: 'tool_call',
    id: 'a',
    name: 'go',
    input: {},
    rawInput: '',
    invalid: true,
    providerMetadata,
  } as const
  const made = await sent({ messages: [{ role: 'assistant', content: [call] }, ...request().messages] })
  expect(made.body['input']).toMatchObject([{ type: 'function_call', call_id: 'a', arguments: '{}' }, {}])
})

test.each<[string, object, boolean]>([
  ['my-deployment', {}, false],
  ['my-deployment', { reasoning: { effort: 'high' } }, true],
  ['my-deployment', { reasoning: { effort: 'none' } }, false],
  ['gpt-4o', {}, false],
])('reasoning of %s with %j is asked for where it reasons', async (model, options, asked) => {
  const { body } = await sent({ model, options: { ...options } })
  expect(body['include']).toEqual(asked ? ['reasoning.encrypted_content'] : undefined)
})

describe('one rule for the options of both APIs', () => {
  const apis = ['responses', 'chat'] as const

  test.each([{ background: true }, { background: 'true' }, { Background: 1 }, { n: 2 }, { N: '2' }, { n: 0 }])(
    '%j is a mistake in the configuration',
    async (options) => {
      for (const api of apis) {
        const { error } = await broken(openai({ apiKey: 'k', api }), { options })
        expect(error).toMatchObject({ kind: 'config', message: expect.stringContaining('providerOptions.openai.') })
      }
    },
  )

  test('reserved names are left out in any case', async () => {
    const options = { Model: 'x', STREAM: false, Max_Output_Tokens: 9, MAX_TOKENS: 9, N: 1, background: false }
    const made = await sent({ maxOutputTokens: 50, options: { ...options, Input: 'x', messages: [] } })
    const plain = await sent({ maxOutputTokens: 50 })
    expect(made.body).toEqual(plain.body)
    expect((await sent({ options: { max_output_tokens: 20 } })).body).toMatchObject({ max_output_tokens: 20 })
  })
})

const image: FilePart = { type: 'file', mediaType: 'image/png', data: 'AAAA' }

test.each<[FilePart, object]>([
  [image, { type: 'input_image', image_url: 'data:image/png;base64,AAAA' }],
  [
    { type: 'file', mediaType: 'image/png', data: new Uint8Array([0, 0, 0]) },
    { type: 'input_image', image_url: 'data:image/png;base64,AAAA' },
  ],
  [
    { type: 'file', mediaType: 'image/jpeg', url: new URL('https://example.org/a.jpg') },
    { type: 'input_image', image_url: 'https://example.org/a.jpg' },
  ],
  [
    { type: 'file', mediaType: 'application/pdf', data: 'AAAA' },
    { type: 'input_file', filename: 'document.pdf', file_data: 'data:application/pdf;base64,AAAA' },
  ],
  [
    { type: 'file', mediaType: 'application/pdf', url: 'https://example.org/a.pdf', filename: 'a.pdf' },
    { type: 'input_file', file_url: 'https://example.org/a.pdf' },
  ],
  [
    { type: 'file', mediaType: 'text/plain', data: 'AAAA' },
    { type: 'input_file', filename: 'document.txt', file_data: 'data:text/plain;base64,AAAA' },
  ],
  [
    { type: 'file', mediaType: 'text/csv', data: 'AAAA', filename: 'rows.csv' },
    { type: 'input_file', filename: 'rows.csv', file_data: 'data:text/csv;base64,AAAA' },
  ],
])('the file %j', async (file, part) => {
  const made = await sent({ messages: [{ role: 'user', content: [{ type: 'text', text: 'Look:' }, file] }] })
  expect(made.body['input']).toMatchObject([{ content: [{ type: 'input_text', text: 'Look:' }, part] }])
})

test('files in the result of a tool stay in it', async () => {
  const call = { type: 'tool_call', id: 'a', name: 'draw', input: {}, rawInput: '' } as const
  const result = {
    type: 'tool_result',
    id: 'a',
    name: 'draw',
    output: [{ type: 'text', text: 'Here:' }, image],
  } as const
  const made = await sent({
    messages: [
      { role: 'assistant', content: [call] },
      { role: 'tool', content: [result] },
    ],
  })
  expect(made.body['input']).toEqual([
    { type: 'function_call', call_id: 'a', name: 'draw', arguments: '{}' },
    {
      type: 'function_call_output',
      call_id: 'a',
      output: [
        { type: 'input_text', text: 'Here:' },
        { type: 'input_image', image_url: 'data:image/png;base64,AAAA' },
      ],
    },
  ])
})

test('a call whose input is text of any form is answered as one', async () => {
  const providerMetadata = { openai: { item: { id: 'ctc_1' }, custom: true } }
  const call = { type: 'tool_call', id: 'a', name: 'run', input: 'ls', rawInput: 'ls', providerMetadata } as const
  const made = await sent({
    messages: [
      { role: 'assistant', content: [call] },
      { role: 'tool', content: [{ type: 'tool_result', id: 'a', name: 'run', output: 'ok' }] },
    ],
  })
  expect(made.body['input']).toEqual([
    { type: 'custom_tool_call', id: 'ctc_1', call_id: 'a', name: 'run', input: 'ls' },
    { type: 'custom_tool_call_output', call_id: 'a', output: 'ok' },
  ])
})

test.each(['audio/wav', 'video/mp4'])('%s is unsupported', async (mediaType) => {
  const messages = [{ role: 'user', content: [{ type: 'file', mediaType, data: 'AAAA' }] }] as const
  const { error } = await broken(openai({ apiKey: 'k' }), { messages })
  expect(error).toMatchObject({ kind: 'unsupported', message: expect.stringContaining(mediaType) })
})

test('schemas that cannot be strict are sent whole; bounds that the vendor refuses are left out with a warning', async () => {
  const open: JSONSchema = { type: 'object', properties: { city: { type: 'string', minLength: 2 } } }
  const tools = [{ name: 'one', inputSchema: open }]
  const loose = await sent({ tools, output: { name: 'answer', schema: open } })
  expect(loose.body).toMatchObject({
    tools: [{ parameters: open, strict: false }],
    text: { format: { schema: open, strict: false } },
  })
  expect(loose.codes).toEqual(['schema_not_strict'])
  const bound = { ...open, required: ['city'] }
  const strict = await sent({ tools: [{ name: 'one', inputSchema: bound }], output: { name: 'answer', schema: bound } })
  expect(strict.body).toMatchObject({
    tools: [{ parameters: closed, strict: true }],
    text: { format: { schema: closed, strict: true } },
  })
  expect(strict.codes).toEqual(['schema_loosened', 'schema_loosened'])
})
