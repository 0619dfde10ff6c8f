import type { ProviderEvent } from '@wayfare/core'
import { SSEDecoder } from '@wayfare/provider-kit'
import { describe, expect, test } from 'vitest'
import { MessageReader } from '../src/events.ts'
import type { Answering } from '../src/events.ts'
import { events, gather, partsOf, readMessage, sliced, textOf } from './asking.ts'

const answering: Answering = {
  provider: 'anthropic',
  model: 'claude-sonnet-5-5',
  clock: { date: () => new Date(0) },
  headers: new Map([['request-id', 'req_1']]),
  warnings: [],
}

type Json = { readonly type: string; readonly [key: string]: unknown }

const start = (usage: object = { input_tokens: 10, output_tokens: 1 }): Json => ({
  type: 'message_start',
  message: { id: 'msg_1', model: 'claude-sonnet-5-5-x', content: [], usage },
})
const open = (index: number, content_block: Json): Json => ({ type: 'content_block_start', index, content_block })
const delta = (index: number, piece: Json): Json => ({ type: 'content_block_delta', index, delta: piece })
const text = (index: number, piece: string): Json => delta(index, { type: 'text_delta', text: piece })
const thought = (index: number, piece: string): Json => delta(index, { type: 'thinking_delta', thinking: piece })
const json = (index: number, piece: string): Json => delta(index, { type: 'input_json_delta', partial_json: piece })
const sign = (index: number, signature: string): Json => delta(index, { type: 'signature_delta', signature })
const stop = (index: number): Json => ({ type: 'content_block_stop', index })
const end = (stop_reason: string | null = 'end_turn', usage: object = { output_tokens: 5 }): readonly Json[] => [
  { type: 'message_delta', delta: { stop_reason }, usage },
  { type: 'message_stop' },
]
const openText = (index: number): Json => open(index, { type: 'text', text: '' })
const openThought = (index: number): Json => open(index, { type: 'thinking', thinking: '', signature: '' })
const openTool = (index: number, id: string | undefined, name = 'weather'): Json =>
  open(index, { type: 'tool_use', name, input: {}, ...(id !== undefined && { id }) })

function sse(list: readonly Json[], lineEnd = '\n'): string {
  return list.map((one) => `event: ${one.type}${lineEnd}data: ${JSON.stringify(one)}${lineEnd}${lineEnd}`).join('')
}

async function read(
  list: readonly Json[],
  changes: Partial<Answering> = {},
): Promise<{ readonly events: readonly ProviderEvent[]; readonly error?: unknown }> {
  return gather(events(sliced(sse(list), 65_536), { ...answering, ...changes }))
}

function lastOf(list: readonly ProviderEvent[]): ProviderEvent | undefined {
  return list.at(-1)
}

const whole: readonly Json[] = [
  start(),
  { type: 'ping' },
  openThought(0),
  thought(0, 'Grüß '),
  thought(0, '👋'),
  sign(0, 'sig0'),
  stop(0),
  openText(1),
  text(1, 'Hé'),
  text(1, '👋lo'),
  stop(1),
  openTool(2, 'toolu_a'),
  json(2, ''),
  json(2, '{"city":'),
  json(2, '"Nîmes"}'),
  stop(2),
  openTool(3, 'toolu_b', 'now'),
  json(3, ''),
  stop(3),
  ...end('tool_use', { output_tokens: 42 }),
]

const wholeParts = [
  { type: 'reasoning', text: 'Grüß 👋', providerMetadata: { anthropic: { signature: 'sig0' } } },
  { type: 'text', text: 'Hé👋lo' },
  { type: 'tool_call', id: 'toolu_a', name: 'weather', input: { city: 'Nîmes' }, rawInput: '{"city":"Nîmes"}' },
  { type: 'tool_call', id: 'toolu_b', name: 'now', input: {}, rawInput: '{}' },
]

describe('a stream', () => {
  test.each([1, 7, 65_536].flatMap((size) => ['\n', '\r\n'].map((lineEnd) => [size, lineEnd] as const)))(
    'reads the same in slices of %i bytes with %j',
    async (size, lineEnd) => {
      const { events: got, error } = await gather(events(sliced(sse(whole, lineEnd), size), answering))
      expect(error).toBeUndefined()
      expect(got[0]).toEqual({ type: 'start', id: 'msg_1', model: 'claude-sonnet-5-5-x', requestId: 'req_1' })
      expect(textOf(got)).toBe('Hé👋lo')
      expect(partsOf(got)).toEqual(wholeParts)
      expect(lastOf(got)).toEqual({ type: 'finish', reason: 'tool_calls', rawReason: 'tool_use' })
    },
  )

  test('is told apart by the type in its data when the event field is missing', async () => {
    const bare = whole.map((one) => `data: ${JSON.stringify(one)}\n\n`).join('')
    const { events: got } = await gather(events(sliced(bare, 65_536), answering))
    expect(partsOf(got)).toEqual(wholeParts)
  })

  test('ignores events, blocks and deltas that it does not know', async () => {
    const { events: got, error } = await read([
      start(),
      { type: 'future_event', index: 0 },
      openText(0),
      delta(0, { type: 'future_delta', text: 'no' }),
      text(0, 'yes'),
      stop(0),
      stop(9),
      text(9, 'nowhere'),
      ...end(),
    ])
    expect(error).toBeUndefined()
    expect(textOf(got)).toBe('yes')
  })

  test('shows the progress of a tool call before the call is whole', async () => {
    const { events: got } = await read(whole)
    expect(got.filter(({ type }) => type === 'tool_call_delta')).toEqual([
      { type: 'tool_call_delta', index: 0, id: 'toolu_a', name: 'weather', rawInput: '' },
      { type: 'tool_call_delta', index: 0, id: 'toolu_a', name: 'weather', rawInput: '{"city":' },
      { type: 'tool_call_delta', index: 0, id: 'toolu_a', name: 'weather', rawInput: '"Nîmes"}' },
      { type: 'tool_call_delta', index: 1, id: 'toolu_b', name: 'now', rawInput: '' },
    ])
  })

  test('merges a second message_start', async () => {
    const { events: got, error } = await read([
      start({ input_tokens: 10 }),
      openText(0),
      text(0, 'a'),
      stop(0),
      start({ input_tokens: 30 }),
      openText(0),
      text(0, 'b'),
      stop(0),
      ...end(),
    ])
    expect(error).toBeUndefined()
    expect(got.filter(({ type }) => type === 'start')).toHaveLength(1)
    expect(partsOf(got)).toEqual([
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ])
  })

  test('ends at message_stop, whatever follows', async () => {
    const { events: got, error } = await read([...whole, { type: 'error', error: { type: 'api_error' } }])
    expect(error).toBeUndefined()
    expect(lastOf(got)?.type).toBe('finish')
  })
})

describe('overlapping blocks', () => {
  /** What is shown, in order: runs of deltas and the parts that close them. */
  function shape(list: readonly ProviderEvent[]): readonly string[] {
    return list.flatMap((event) => {
      if (event.type === 'text_delta' || event.type === 'reasoning_delta') return [`${event.type[0]}:${event.text}`]
      return event.type === 'part' && 'text' in event.part ? [`part:${event.part.type}:${event.part.text}`] : []
    })
  }

  test('of one type never share a run', async () => {
    const { events: got } = await read([
      start(),
      openText(0),
      text(0, 'a1'),
      openText(1),
      text(1, 'b1'),
      text(0, 'a2'),
      stop(0),
      text(1, 'b2'),
      stop(1),
      ...end(),
    ])
    expect(shape(got)).toEqual(['t:a1', 't:a2', 'part:text:a1a2', 't:b1', 't:b2', 'part:text:b1b2'])
  })

  test('of two types keep the order in which they began', async () => {
    const { events: got } = await read([
      start(),
      openThought(0),
      thought(0, 'r1'),
      openText(1),
      text(1, 't1'),
      thought(0, 'r2'),
      sign(0, 's'),
      stop(0),
      stop(1),
      ...end(),
    ])
    expect(shape(got)).toEqual(['r:r1', 'r:r2', 'part:reasoning:r1r2', 't:t1', 'part:text:t1'])
  })

  test('let a signature come late', async () => {
    const { events: got } = await read([
      start(),
      openThought(0),
      thought(0, 'r'),
      stop(0),
      openText(1),
      text(1, 't'),
      sign(0, 'late'),
      stop(1),
      ...end(),
    ])
    expect(shape(got)).toEqual(['r:r', 't:t', 'part:reasoning:r', 'part:text:t'])
    expect(partsOf(got)[0]).toMatchObject({ providerMetadata: { anthropic: { signature: 'late' } } })
  })

  test('keep a tool call before the text that came after it', async () => {
    const { events: got } = await read([
      start(),
      openTool(0, 'toolu_a'),
      openText(1),
      text(1, 't'),
      json(0, '{}'),
      stop(0),
      stop(1),
      ...end('tool_use'),
    ])
    expect(partsOf(got)).toMatchObject([{ type: 'tool_call' }, { type: 'text' }])
    expect(textOf(got)).toBe('t')
  })
})

describe('blocks', () => {
  test('of thought without text are kept for their signature', async () => {
    const { events: got } = await read([
      start(),
      openThought(0),
      sign(0, 's'),
      stop(0),
      openText(1),
      text(1, 'x'),
      stop(1),
      ...end(),
    ])
    expect(partsOf(got)[0]).toEqual({
      type: 'reasoning',
      text: '',
      providerMetadata: { anthropic: { signature: 's' } },
    })
  })

  test('that only the vendor understands are kept whole, and server tools are side effects', async () => {
    const result = { type: 'web_search_tool_result', tool_use_id: 'srv_1', content: [{ url: 'u' }] }
    const { events: got } = await read([
      start(),
      open(0, { type: 'redacted_thinking', data: 'abc' }),
      stop(0),
      open(1, { type: 'server_tool_use', id: 'srv_1', name: 'web_search', input: {} }),
      json(1, '{"query":"x"}'),
      stop(1),
      open(2, result),
      stop(2),
      open(3, { type: 'compaction', content: '' }),
      delta(3, { type: 'compaction_delta', content: 'short' }),
      stop(3),
      ...end('pause_turn'),
    ])
    const block = (kind: string, value: object): object => ({ type: 'provider', vendor: 'anthropic', kind, value })
    expect(partsOf(got)).toEqual([
      block('redacted_thinking', { type: 'redacted_thinking', data: 'abc' }),
      block('server_tool_use', { type: 'server_tool_use', id: 'srv_1', name: 'web_search', input: { query: 'x' } }),
      block('web_search_tool_result', result),
      block('compaction', { type: 'compaction', content: 'short' }),
    ])
    expect(got).toContainEqual({ type: 'side_effect', name: 'web_search' })
  })

  test('carry their citations', async () => {
    const citation = { type: 'web_search_result_location', url: 'u' }
    const { events: got } = await read([
      start(),
      openText(0),
      text(0, 'It is so.'),
      delta(0, { type: 'citations_delta', citation }),
      stop(0),
      ...end(),
    ])
    expect(partsOf(got)).toEqual([
      { type: 'text', text: 'It is so.', providerMetadata: { anthropic: { citations: [citation] } } },
    ])
  })
})

describe('a tool call', () => {
  test('that is not JSON is handed out as invalid', async () => {
    const { events: got } = await read([start(), openTool(0, 'toolu_a'), json(0, '{"a":'), stop(0), ...end('tool_use')])
    expect(partsOf(got)).toMatchObject([{ type: 'tool_call', rawInput: '{"a":', invalid: true }])
  })

  test.each(['{"a":', ''])('cut short by the limit at %j is not handed out', async (piece) => {
    const { events: got } = await read([start(), openTool(0, 'toolu_a'), json(0, piece), stop(0), ...end('max_tokens')])
    expect(partsOf(got)).toEqual([])
    expect(lastOf(got)).toMatchObject({ reason: 'length', warnings: [{ code: 'incomplete_tool_call' }] })
  })

  test('that was whole before the limit is handed out', async () => {
    const { events: got } = await read([
      start(),
      openTool(0, 'toolu_a'),
      stop(0),
      openTool(1, 'toolu_b'),
      json(1, '{"a'),
      stop(1),
      ...end('max_tokens'),
    ])
    expect(partsOf(got)).toMatchObject([{ id: 'toolu_a', input: {} }])
  })

  test('without an id, or with one that was used before, gets its own', async () => {
    const { events: got } = await read([
      start(),
      ...[0, 1, 2].flatMap((index) => [
        openTool(index, index === 0 ? undefined : 'toolu_x'),
        json(index, '{}'),
        stop(index),
      ]),
      ...end('tool_use'),
    ])
    const ids = partsOf(got).map((part) => (part as { id: string }).id)
    expect(new Set(ids).size).toBe(3)
    expect(ids).toContain('toolu_x')
  })

  test('keeps hostile keys as plain data', async () => {
    const { events: got } = await read([
      start(),
      openTool(0, 'toolu_a'),
      json(0, '{"__proto__":{"polluted":1}}'),
      stop(0),
      ...end('tool_use'),
    ])
    expect((partsOf(got)[0] as { rawInput: string }).rawInput).toContain('__proto__')
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })

  test('of the tool that stands for structured output is the text', async () => {
    const list = [
      start(),
      openTool(0, 'toolu_a', 'answer'),
      json(0, '{"a":'),
      json(0, '1}'),
      stop(0),
      ...end('tool_use'),
    ]
    const { events: got } = await read(list, { outputTool: 'answer' })
    expect(textOf(got)).toBe('{"a":1}')
    expect(partsOf(got)).toEqual([{ type: 'text', text: '{"a":1}' }])
    expect(lastOf(got)).toEqual({ type: 'finish', reason: 'stop', rawReason: 'tool_use' })
  })
})

test.each([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['tool_use', 'stop'],
  ['refusal', 'refusal'],
  ['pause_turn', 'pause'],
  ['something_new', 'other'],
])('the stop reason %s without calls is %s', async (raw, reason) => {
  const { events: got } = await read([start(), openText(0), text(0, 'x'), stop(0), ...end(raw)])
  expect(lastOf(got)).toEqual({ type: 'finish', reason, rawReason: raw })
})

test('a message that ends without a stop reason is complete, with a warning', async () => {
  const { events: got } = await read([start(), openText(0), text(0, 'x'), stop(0), ...end(null)])
  expect(lastOf(got)).toMatchObject({ type: 'finish', reason: 'other', warnings: [{ code: 'no_finish_reason' }] })
})

describe('usage', () => {
  /** As whoever folds the events sees it in the end. */
  async function usageOf(first: object, last: object): Promise<object> {
    const { events: got } = await read([start(first), ...end('end_turn', last)])
    return Object.assign({}, ...got.flatMap((event) => (event.type === 'usage' ? [event.usage] : []))) as object
  }

  test.each<[string, object, object, object]>([
    ['early and late', { input_tokens: 10, output_tokens: 1 }, { output_tokens: 7 }, { input: 10, output: 7 }],
    ['late only', {}, { input_tokens: 3, output_tokens: 7 }, { input: 3, output: 7 }],
    [
      'cumulative, never added',
      { input_tokens: 10, output_tokens: 1 },
      { input_tokens: 12, output_tokens: 7 },
      { input: 12, output: 7 },
    ],
    [
      'cached, with the split of lifetimes',
      {
        input_tokens: 1,
        cache_read_input_tokens: 20,
        cache_creation_input_tokens: 30,
        cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
      },
      { output_tokens: 2 },
      { input: 1, cacheRead: 20, cacheWrite: 10, cacheWrite1h: 20, output: 2 },
    ],
    [
      'of thought and searches, with the tier',
      { input_tokens: 1, service_tier: 'standard' },
      {
        output_tokens: 9,
        output_tokens_details: { thinking_tokens: 4 },
        server_tool_use: { web_search_requests: 2 },
      },
      { input: 1, output: 9, reasoning: 4, webSearches: 2, serviceTier: 'standard' },
    ],
    [
      'of iterations, which are what is billed',
      { input_tokens: 180 },
      {
        input_tokens: 180,
        output_tokens: 8,
        iterations: [
          { type: 'compaction', input_tokens: 100, cache_creation_input_tokens: 55_096, output_tokens: 82 },
          { type: 'message', input_tokens: 180, output_tokens: 8 },
        ],
      },
      { input: 280, cacheWrite: 55_096, output: 90 },
    ],
    [
      'of iterations after a fallback, when the figures beside them are final',
      {},
      { input_tokens: 5, output_tokens: 6, iterations: [{ type: 'fallback_message', input_tokens: 99 }] },
      { input: 5, output: 6 },
    ],
    ['that is nonsense', { input_tokens: -5, output_tokens: 'x' }, { output_tokens: null }, { input: 0, output: 0 }],
  ])('%s', async (_, first, last, expected) => {
    expect(await usageOf(first, last)).toMatchObject(expected)
  })

  test('that is missing is not invented', async () => {
    const { events: got } = await read([
      { type: 'message_start', message: {} },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' } },
      { type: 'message_stop' },
    ])
    expect(got.filter(({ type }) => type === 'usage')).toEqual([])
  })

  test('of an advisor is counted, with a warning about its price', async () => {
    const { events: got } = await read([
      start(),
      ...end('end_turn', {
        output_tokens: 1,
        iterations: [{ type: 'advisor_message', input_tokens: 7, output_tokens: 3 }],
      }),
    ])
    expect(lastOf(got)).toMatchObject({ warnings: [{ code: 'advisor_price' }] })
  })
})

test('nothing behind the end of an answer counts, and the end is not seen before it comes', () => {
  const bytes = Buffer.from(sse(whole))
  const decoder = new SSEDecoder(new MessageReader(answering))
  const out: ProviderEvent[] = []
  decoder.feed(bytes.subarray(0, -12), out)
  expect(decoder.state).toBe('open')
  decoder.feed(bytes.subarray(-12), out)
  expect(decoder.state).toBe('finished')
  const { length } = out
  decoder.feed(bytes, out)
  decoder.end(out)
  expect(out).toHaveLength(length)
})

describe('a stream that breaks', () => {
  const text0 = sse(whole)
  test.each([
    ['before anything', 0, 'protocol'],
    ['inside the first event', 40, 'stream_truncated'],
    ['inside a character', Buffer.from(text0).indexOf(Buffer.from('👋')) + 2, 'stream_truncated'],
    ['between two events', Buffer.byteLength(sse(whole.slice(0, 9))), 'stream_truncated'],
    ['inside the arguments of a call', Buffer.byteLength(sse(whole.slice(0, 14))) - 9, 'stream_truncated'],
    ['before its last event', Buffer.byteLength(sse(whole.slice(0, -1))), 'stream_truncated'],
  ])('%s is an error without a finish or a half call', async (_, length, kind) => {
    const cut = Buffer.from(text0).subarray(0, length)
    async function* bytes(): AsyncGenerator<Uint8Array> {
      if (cut.length > 0) yield cut
    }
    const { events: got, error } = await gather(events(bytes(), answering))
    expect(error).toMatchObject({ kind, provider: 'anthropic', model: 'claude-sonnet-5-5' })
    expect(got.some(({ type }) => type === 'finish')).toBe(false)
    expect(partsOf(got).filter((part) => (part as { invalid?: boolean }).invalid)).toEqual([])
  })

  test('after its last event but before the blank line is complete', async () => {
    const { events: got, error } = await gather(events(sliced(text0.trimEnd(), 65_536), answering))
    expect(error).toBeUndefined()
    expect(lastOf(got)?.type).toBe('finish')
  })

  test('with an error inside gives what came before it and the error of its kind', async () => {
    const { events: got, error } = await read([
      start(),
      openText(0),
      text(0, 'Hal'),
      { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
    ])
    expect(textOf(got)).toBe('Hal')
    expect(got.some(({ type }) => type === 'usage')).toBe(true)
    expect(error).toMatchObject({ kind: 'overloaded', retryable: true, billed: 'unknown', requestId: 'req_1' })
  })

  test('with an error in the form of another vendor is an error, too', async () => {
    const { error } = await gather(
      events(sliced('event: error\ndata: {"error":{"message":"no","code":503}}\n\n', 65_536), answering),
    )
    expect(error).toMatchObject({ kind: 'overloaded' })
  })

  test('with an event that is not JSON is a protocol error that does not quote it', async () => {
    const { error } = await gather(events(sliced(`${sse(whole.slice(0, 3))}data: {"secret\n\n`, 65_536), answering))
    expect(error).toMatchObject({ kind: 'protocol' })
    expect(String((error as Error).message)).not.toContain('secret')
  })

  test('with nothing but pings is not waited for without end', async () => {
    async function* pings(): AsyncGenerator<Uint8Array> {
      const many = Buffer.from(sse(Array.from({ length: 1_000 }, () => ({ type: 'ping' }))))
      for (let n = 0; n < 20; n++) yield many
    }
    expect((await gather(events(pings(), answering))).error).toMatchObject({ kind: 'protocol' })
  })
})

describe('one JSON body', () => {
  const body = {
    id: 'msg_1',
    type: 'message',
    model: 'claude-sonnet-5-5-x',
    content: [
      { type: 'thinking', thinking: 'Grüß 👋', signature: 'sig0' },
      { type: 'text', text: 'Hé👋lo' },
      { type: 'tool_use', id: 'toolu_a', name: 'weather', input: { city: 'Nîmes' } },
      { type: 'tool_use', id: 'toolu_b', name: 'now', input: {} },
    ],
    stop_reason: 'tool_use',
    usage: { input_tokens: 10, output_tokens: 42 },
  }

  test('says the same as a stream', () => {
    const got = readMessage(body, answering)
    expect(partsOf(got)).toEqual(wholeParts)
    expect(textOf(got)).toBe('Hé👋lo')
    expect(got).toContainEqual({ type: 'usage', usage: expect.objectContaining({ input: 10, output: 42 }) })
    expect(lastOf(got)).toEqual({ type: 'finish', reason: 'tool_calls', rawReason: 'tool_use' })
  })

  test('takes the input of the output tool as text', () => {
    const got = readMessage(body, { ...answering, outputTool: 'weather' })
    expect(textOf(got)).toBe('Hé👋lo{"city":"Nîmes"}')
  })

  test.each([
    [{ type: 'error', error: { type: 'rate_limit_error', message: 'slow' } }, 'rate_limit'],
    [{ error: { type: 'overloaded_error' } }, 'overloaded'],
    [{ error: 'no' }, 'server'],
    [{ choices: [] }, 'protocol'],
    [[], 'protocol'],
    [null, 'protocol'],
  ])('%j is an error of kind %s', (value, kind) => {
    expect(() => readMessage(value, answering)).toThrow(expect.objectContaining({ kind }))
  })
})
