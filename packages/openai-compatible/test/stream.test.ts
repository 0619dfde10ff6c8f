import { LLMError, type Provider, type ProviderEvent } from '@wayfare/core'
import { describe, expect, test } from 'vitest'
import { openaiCompatible } from '../src/index.ts'
import { answering, broken, chunk, events, request, sse, textOf } from './call.ts'

const server = (body: string | Uint8Array, options?: Parameters<typeof answering>[1]): Provider =>
  openaiCompatible({ name: 'acme', baseURL: 'https://api.invalid/v1', fetch: answering(body, options) })

const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 }
const hello = [
  chunk({ role: 'assistant', content: '' }),
  chunk({ content: 'Hé' }),
  chunk({ content: '👋lo' }),
  chunk({}, 'stop'),
  { ...chunk({}), choices: [], usage },
]

test.each([1, 7, 65_536])('an answer in slices of %i bytes is the same answer, with any line ends', async (size) => {
  for (const end of ['\n', '\r\n']) {
    const all = await events(server(sse(hello, { end }), { size }))
    expect(all[0]).toEqual({ type: 'start', id: 'c1', model: 'm-1', requestId: 'req-1' })
    expect(textOf(all)).toBe('Hé👋lo')
    expect(all.at(-2)).toMatchObject({ type: 'usage', usage: { input: 10, output: 5, total: 15 } })
    expect(all.at(-1)).toEqual({ type: 'finish', reason: 'stop', rawReason: 'stop' })
  }
})

test('the events of one network read come together', async () => {
  const batches: unknown[] = []
  for await (const batch of server(sse(hello)).chat(request())) batches.push(batch)
  expect(batches).toHaveLength(1)
})

describe('a stream cut at any byte', () => {
  const text = sse(hello)
  const bytes = new TextEncoder().encode(text)
  // Where the chunk with the finish reason can be read.
  const complete = new TextEncoder().encode(text.slice(0, text.indexOf('"stop"}]}') + '"stop"}]}'.length)).length
  const cuts = Array.from({ length: bytes.length }, (_, cut) => cut)

  test('before the finish reason is truncated, never a shorter answer', async () => {
    // Nothing at all is told apart: see below.
    for (const cut of cuts.filter((one) => one > 0 && one < complete)) {
      const { seen, error } = await broken(server(bytes.slice(0, cut)))
      expect(error).toMatchObject({ kind: 'stream_truncated', provider: 'acme', model: 'm' })
      expect('Hé👋lo'.startsWith(textOf(seen))).toBe(true)
      expect(seen.some((event) => event.type === 'finish')).toBe(false)
    }
  })

  test('behind it is complete', async () => {
    for (const cut of cuts.filter((one) => one >= complete)) {
      const all = await events(server(bytes.slice(0, cut)))
      expect(textOf(all)).toBe('Hé👋lo')
      expect(all.at(-1)).toMatchObject({ type: 'finish', reason: 'stop' })
    }
  })
})

test('what came before an error in the same read is handed out first', async () => {
  const { seen } = await broken(server(sse([chunk({ content: 'x' }), { error: { code: 500 } }])))
  expect(textOf(seen)).toBe('x')
})

test.each<[string, string, object]>([
  [
    '[DONE] without a finish reason',
    sse([chunk({ content: 'x' })]),
    { reason: 'other', warnings: [{ code: 'finish_missing' }] },
  ],
  ['a finish reason without [DONE]', sse([chunk({ content: 'x' }, 'stop')], { done: false }), { reason: 'stop' }],
  [
    '[DONE] without its blank line',
    sse([chunk({ content: 'x' }, 'stop')], { done: false }) + 'data: [DONE]',
    { reason: 'stop' },
  ],
  ['[DONE] alone in the tail', sse([chunk({ content: 'x' })], { done: false }) + 'data: [DONE]', { reason: 'other' }],
  ['data behind [DONE]', `${sse([chunk({}, 'stop')])}data: {"broken\n\ndata: [DONE]\n\n`, { reason: 'stop' }],
  ['two finish reasons', sse([chunk({}, 'stop'), chunk({}, 'length')]), { reason: 'length' }],
  ['length', sse([chunk({}, 'length')]), { reason: 'length' }],
  ['model_length', sse([chunk({}, 'model_length')]), { reason: 'length', rawReason: 'model_length' }],
  ['content_filter', sse([chunk({}, 'content_filter')]), { reason: 'content_filter' }],
  ['a word that nobody knows', sse([chunk({}, 'zeal')]), { reason: 'other', rawReason: 'zeal' }],
  ['tool_calls without a call', sse([chunk({}, 'tool_calls')]), { reason: 'stop' }],
  ['a refusal', sse([chunk({ refusal: 'No.' }), chunk({}, 'stop')]), { reason: 'refusal' }],
  ['refusal: false', sse([chunk({ refusal: false }), chunk({}, 'stop')]), { reason: 'stop' }],
  ['usage: null and error: null', sse([chunk({}, 'stop', { usage: null, error: null })]), { reason: 'stop' }],
])('%s', async (_, body, finish) => {
  expect((await events(server(body))).at(-1)).toMatchObject({ type: 'finish', ...finish })
})

const failing = (error: unknown): string => sse([chunk({ content: 'x' }), { error }])
test.each<[string, string, object]>([
  ['an error chunk with a status', failing({ code: 502, message: 'secret' }), { kind: 'server', billed: 'unknown' }],
  ['one with a status as text', failing({ code: '429', message: 'secret' }), { kind: 'rate_limit' }],
  ['one that is text', failing('secret'), { kind: 'server' }],
  [
    'one in the flat form',
    sse([{ object: 'error', message: 'secret', type: 'invalid_request_error' }]),
    { kind: 'bad_request' },
  ],
  ['overloaded, by type', failing({ type: 'overloaded_error', message: 'secret' }), { kind: 'overloaded' }],
  ['an event named error', 'event: error\ndata: {"message":"secret","code":503}\n\n', { kind: 'overloaded' }],
  ['an event named error with plain text', 'event: error\ndata: secret\n\n', { kind: 'server' }],
  [
    'a field named error',
    'error: {"code":400,"message":"secret","type":"exceed_context_size_error"}\n\n',
    { kind: 'context_length' },
  ],
  ['the finish reason error', sse([chunk({}, 'error')]), { kind: 'server' }],
  ['no resources', sse([chunk({}, 'insufficient_system_resource')]), { kind: 'overloaded' }],
  [
    'an error beside the finish reason',
    sse([chunk({}, 'error', { error: { code: 429, message: 'secret' } })]),
    { kind: 'rate_limit' },
  ],
  ['broken JSON', 'data: {"secret\n\n', { kind: 'protocol' }],
  ['a forged end', sse(['[DONE] secret']), { kind: 'protocol' }],
  ['a chunk that is a list', sse([[1]]), { kind: 'protocol' }],
  ['a chunk that is none', sse([{ secret: 1 }]), { kind: 'protocol' }],
  ['an index that is a word', sse([chunk({ tool_calls: [{ index: 'x' }] })]), { kind: 'protocol' }],
  ['an index beyond reason', sse([chunk({ tool_calls: [{ index: 4_294_967_294 }] })]), { kind: 'protocol' }],
  ['nothing at all', '', { kind: 'protocol', billed: 'no' }],
  ['ten thousand empty chunks', sse(Array.from({ length: 10_002 }, () => chunk({}))), { kind: 'protocol' }],
])('%s is an error, and its text is not in the message', async (_, body, expected) => {
  const { error } = await broken(server(body))
  expect(error).toMatchObject(expected)
  expect((error as LLMError).message).not.toContain('secret')
})

describe('tool calls', () => {
  const call = (index: unknown, more: object): object =>
    chunk({ tool_calls: [{ ...(index !== undefined && { index }), ...more }] })
  const made = (name: string, args: string): object => ({ function: { name, arguments: args } })
  const parts = (all: readonly ProviderEvent[]): unknown[] =>
    all.flatMap((event) => (event.type === 'part' ? [event.part] : []))

  test.each<[string, object[], object[]]>([
    [
      'in pieces, interleaved, from index 1 on',
      [
        call(2, { id: 'b', ...made('two', '') }),
        call(1, { id: 'a', ...made('one', '{"x"') }),
        call(1, { function: { arguments: ':"Hé👋lo"}' } }),
      ],
      [
        { id: 'a', name: 'one', input: { x: 'Hé👋lo' }, rawInput: '{"x":"Hé👋lo"}' },
        { id: 'b', name: 'two', input: {} },
      ],
    ],
    [
      'without an index',
      [call(undefined, { id: 'a', ...made('one', '{}') }), call(undefined, { id: 'b', ...made('two', '{}') })],
      [{ id: 'a' }, { id: 'b' }],
    ],
    ['with the index null', [call(null, { id: 'a', ...made('one', '{}') })], [{ id: 'a', name: 'one' }]],
    [
      'with one id for two',
      [call(0, { id: 'a', ...made('one', '{}') }), call(1, { id: 'a', ...made('two', '{}') })],
      [{ id: 'a' }, { id: 'a_2' }],
    ],
    ['without ids', [call(0, made('one', '{}'))], [{ id: 'call_a1_0', name: 'one' }]],
    [
      'with arguments as an object',
      [call(0, { id: 'a', function: { name: 'one', arguments: { x: 1 } } })],
      [{ input: { x: 1 }, rawInput: '{"x":1}' }],
    ],
    [
      'in the old form',
      [chunk({ function_call: { name: 'one', arguments: '{"x":' } }), chunk({ function_call: { arguments: '1}' } })],
      [{ name: 'one', input: { x: 1 } }],
    ],
    [
      'that are not JSON',
      [call(0, { id: 'a', ...made('one', '{"x":') })],
      [{ id: 'a', invalid: true, rawInput: '{"x":' }],
    ],
  ])('%s', async (_, chunks, expected) => {
    for (const finish of ['tool_calls', 'stop']) {
      const all = await events(server(sse([...chunks, chunk({}, finish)]), { size: 7 }))
      expect(parts(all)).toMatchObject(expected)
      expect(all.at(-1)).toMatchObject({ type: 'finish', reason: 'tool_calls' })
    }
  })

  test('of a stream that breaks are never handed out', async () => {
    const body = sse([call(0, { id: 'a', ...made('one', '{"path":"/tm') })], { done: false })
    const { seen } = await broken(server(body))
    expect(parts(seen)).toEqual([])
  })

  test('that the length cut are left out with a warning', async () => {
    const body = sse([
      call(0, { id: 'a', ...made('one', '{}') }),
      call(1, { id: 'b', ...made('two', '{"x') }),
      chunk({}, 'length'),
    ])
    const all = await events(server(body))
    expect(parts(all)).toMatchObject([{ id: 'a' }])
    expect(all.at(-1)).toMatchObject({ reason: 'length', warnings: [{ code: 'tool_call_cut' }] })
  })
})

describe('reasoning', () => {
  test.each<[string, object, string]>([
    ['reasoning_content', { reasoning_content: 'Hmm.' }, 'reasoning_content'],
    ['reasoning', { reasoning: 'Hmm.' }, 'reasoning'],
    ['reasoning_details', { reasoning_details: [{ type: 'reasoning.text', text: 'Hmm.' }] }, 'reasoning_details'],
    [
      'content of type thinking',
      { content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hmm.' }] }] },
      'content',
    ],
  ])('is found in %s', async (_, delta, field) => {
    const all = await events(server(sse([chunk(delta), chunk({ content: 'Yes.' }), chunk({}, 'stop')])))
    expect(all.map((event) => event.type)).toEqual(['start', 'reasoning_delta', 'text_delta', 'part', 'finish'])
    expect(all[3]).toEqual({
      type: 'part',
      part: { type: 'reasoning', text: 'Hmm.', providerMetadata: { acme: { field } } },
    })
  })

  test('that comes in two runs makes two parts', async () => {
    const deltas = [{ reasoning: 'A' }, { content: 'x' }, { reasoning: 'B' }, { reasoning: 'C' }, { content: 'y' }]
    const all = await events(server(sse([...deltas.map((delta) => chunk(delta)), chunk({}, 'stop')])))
    const parts = all.flatMap((event) =>
      event.type === 'part' && event.part.type === 'reasoning' ? [event.part.text] : [],
    )
    expect(parts).toEqual(['A', 'BC'])
  })
})

describe('usage', () => {
  test.each<[string, object, object]>([
    [
      'with cache and reasoning inside',
      {
        prompt_tokens: 100,
        completion_tokens: 50,
        total_tokens: 150,
        prompt_tokens_details: { cached_tokens: 60, cache_write_tokens: 30 },
        completion_tokens_details: { reasoning_tokens: 20 },
      },
      { input: 10, cacheRead: 60, cacheWrite: 30, cacheWrite1h: 0, output: 50, reasoning: 20, total: 150 },
    ],
    [
      'with reasoning beside',
      {
        prompt_tokens: 100,
        completion_tokens: 50,
        total_tokens: 170,
        completion_tokens_details: { reasoning_tokens: 20 },
      },
      { output: 70, reasoning: 20, total: 170 },
    ],
    [
      'whose total alone knows of reasoning',
      { prompt_tokens: 100, completion_tokens: 50, total_tokens: 170 },
      { output: 70, reasoning: 0 },
    ],
    [
      'with hits and misses',
      { prompt_tokens: 100, completion_tokens: 5, prompt_cache_hit_tokens: 70, prompt_cache_miss_tokens: 30 },
      { input: 30, cacheRead: 70 },
    ],
    [
      'with a misspelt name',
      { prompt_tokens: 100, completion_tokens: 5, prompt_token_details: { cached_tokens: 70 } },
      { input: 30, cacheRead: 70 },
    ],
    [
      'with a flat count',
      { prompt_tokens: 100, completion_tokens: 5, num_cached_tokens: 70 },
      { input: 30, cacheRead: 70 },
    ],
    [
      'with more cached than prompted',
      { prompt_tokens: 100, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 300 } },
      { input: 100, cacheRead: 300 },
    ],
    [
      'that is nonsense',
      { prompt_tokens: -5, completion_tokens: 'many', total_tokens: null },
      { input: 0, output: 0, total: 0 },
    ],
  ])('%s', async (_, wire, expected) => {
    const all = await events(server(sse([chunk({}, 'stop'), { ...chunk({}), choices: [], usage: wire }])))
    expect(all.find((event) => event.type === 'usage')).toMatchObject({ usage: expected })
  })

  test('comes from wherever vendors put it, and the last one counts', async () => {
    const body = sse([
      chunk({ content: 'x' }, null, { usage: { ...usage, completion_tokens: 1, total_tokens: 11 } }),
      chunk({}, 'stop', { x_groq: { usage } }),
    ])
    const figures = (await events(server(body))).flatMap((event) =>
      event.type === 'usage' ? [event.usage.output] : [],
    )
    expect(figures).toEqual([1, 5])
  })

  test.each<[string, object, number]>([
    ['ticks', { cost_in_usd_ticks: 12_300_000_000 }, 1.23],
    ['a total', { cost: { total_cost: 0.5 } }, 0.5],
    ['nothing to pay', { cost_in_usd_ticks: 0 }, 0],
    ['less than nothing, which the router tells', { cost_in_usd_ticks: -1 }, NaN],
    ['no number', { cost: { total_cost: '0.5' } }, NaN],
  ])('with a price in %s', async (_, more, usd) => {
    const all = await events(server(sse([chunk({}, 'stop', { usage: { ...usage, ...more } })])))
    expect(all.find((event) => event.type === 'usage')).toMatchObject({ reportedUsd: usd })
  })

  test('says which tier served', async () => {
    const all = await events(server(sse([chunk({}, 'stop', { usage, service_tier: 'flex' })])))
    expect(all.find((event) => event.type === 'usage')).toMatchObject({ usage: { serviceTier: 'flex' } })
  })
})

test('the first chunk may have neither id nor model nor choices', async () => {
  const first = { id: '', model: '', object: '', choices: [], prompt_filter_results: [] }
  const all = await events(server(sse([first, chunk({ content: 'x' }), chunk({}, 'stop')])))
  expect(all[0]).toMatchObject({ type: 'start', id: 'c1', model: 'm-1' })
})

test('an answer that never names itself still starts', async () => {
  const bare = (delta: object, finish: string | null = null): object => ({
    choices: [{ delta, finish_reason: finish }],
  })
  const all = await events(server(sse([bare({ content: 'x' }), bare({}, 'stop')])))
  expect(all.map((event) => event.type)).toEqual(['start', 'text_delta', 'finish'])
})

test('an image that the model made is a file', async () => {
  const image = { images: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,iVBO' } }] }
  const all = await events(server(sse([chunk(image), chunk({}, 'stop')])))
  expect(all[1]).toEqual({ type: 'part', part: { type: 'file', mediaType: 'image/png', data: 'iVBO' } })
})
