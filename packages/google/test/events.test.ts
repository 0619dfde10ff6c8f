import { LLMError } from '@wayfare/core'
import type { ProviderEvent } from '@wayfare/core'
import { describe, expect, test } from 'vitest'
import { ChunkReader, type Answering } from '../src/events.ts'
import { events, gather, partsOf, readAnswer, sliced, textOf } from './asking.ts'

const answering: Answering = {
  provider: 'google',
  model: 'gemini-2.5-flash',
  attemptId: 'a1',
  clock: { date: () => new Date(0) },
  headers: new Map([['x-gemini-service-tier', 'standard']]),
  warnings: [],
}

interface Rest {
  readonly finishReason?: string
  readonly usageMetadata?: object
}

function chunk(parts: readonly object[], { finishReason, usageMetadata }: Rest = {}): object {
  return {
    candidates: [{ content: { role: 'model', parts }, ...(finishReason !== undefined && { finishReason }) }],
    ...(usageMetadata !== undefined && { usageMetadata }),
    modelVersion: 'gemini-2.5-flash-001',
    responseId: 'r1',
  }
}

function sse(list: readonly object[], lineEnd = '\n'): string {
  return list.map((one) => `data: ${JSON.stringify(one)}${lineEnd}${lineEnd}`).join('')
}

async function read(
  list: readonly object[],
): Promise<{ readonly events: readonly ProviderEvent[]; readonly error?: unknown }> {
  return gather(events(sliced(sse(list), 65_536), answering))
}

const stop = (reason = 'STOP'): object => chunk([], { finishReason: reason })

const whole: readonly object[] = [
  chunk([{ text: 'Grüß ', thought: true }], { usageMetadata: { promptTokenCount: 10, thoughtsTokenCount: 1 } }),
  chunk([{ text: '👋', thought: true }]),
  chunk([{ text: 'Hé' }]),
  chunk([{ text: '👋lo' }]),
  chunk([{ text: '', thoughtSignature: 'sigT' }]),
  chunk([{ functionCall: { id: 'f1', name: 'weather', args: { city: 'Nîmes' } }, thoughtSignature: 'sigF' }]),
  chunk([{ functionCall: { name: 'now' } }], {
    finishReason: 'STOP',
    usageMetadata: {
      promptTokenCount: 10,
      cachedContentTokenCount: 4,
      toolUsePromptTokenCount: 2,
      candidatesTokenCount: 5,
      thoughtsTokenCount: 3,
    },
  }),
]

const wholeParts = [
  { type: 'reasoning', text: 'Grüß 👋', providerMetadata: { google: {} } },
  { type: 'text', text: 'Hé👋lo' },
  { type: 'text', text: '', providerMetadata: { google: { thoughtSignature: 'sigT' } } },
  {
    type: 'tool_call',
    id: 'f1',
    name: 'weather',
    input: { city: 'Nîmes' },
    rawInput: '{"city":"Nîmes"}',
    providerMetadata: { google: { id: 'f1', thoughtSignature: 'sigF' } },
  },
  { type: 'tool_call', id: 'call_a1_1', name: 'now', input: {}, rawInput: '{}' },
]

describe('a stream', () => {
  test.each([1, 7, 65_536].flatMap((size) => ['\n', '\r\n'].map((lineEnd) => [size, lineEnd] as const)))(
    'reads the same in slices of %i bytes with %j',
    async (size, lineEnd) => {
      const { events: got, error } = await gather(events(sliced(sse(whole, lineEnd), size), answering))
      expect(error).toBeUndefined()
      expect(got[0]).toEqual({ type: 'start', id: 'r1', model: 'gemini-2.5-flash-001' })
      expect(textOf(got)).toBe('Hé👋lo')
      expect(partsOf(got)).toEqual(wholeParts)
      expect(got.findLast(({ type }) => type === 'usage')).toEqual({
        type: 'usage',
        usage: { input: 8, cacheRead: 4, output: 8, reasoning: 3, serviceTier: 'standard' },
      })
      expect(got.at(-1)).toEqual({ type: 'finish', reason: 'tool_calls', rawReason: 'STOP' })
    },
  )

  test('takes usage from a chunk after the one that finished', async () => {
    const { events: got } = await read([
      chunk([{ text: 'x' }], { finishReason: 'STOP' }),
      { usageMetadata: { promptTokenCount: 9 } },
    ])
    expect(got).toContainEqual({ type: 'usage', usage: { input: 9, cacheRead: 0, serviceTier: 'standard' } })
    expect(got.at(-1)).toMatchObject({ type: 'finish', reason: 'stop' })
  })

  test('without usage does not invent any', async () => {
    const { events: got } = await read([chunk([{ text: 'x' }], { finishReason: 'STOP' })])
    expect(got.filter(({ type }) => type === 'usage')).toEqual([])
  })

  test('never joins a signed part with its neighbours', async () => {
    const { events: got } = await read([
      chunk([{ text: 'a' }, { text: 'b', thoughtSignature: 's' }, { text: 'c' }]),
      stop(),
    ])
    expect(partsOf(got)).toEqual([
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b', providerMetadata: { google: { thoughtSignature: 's' } } },
      { type: 'text', text: 'c' },
    ])
  })

  test('keeps files, and blocks that only the vendor understands', async () => {
    const code = { executableCode: { language: 'PYTHON', code: '1' } }
    const result = { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '1' } }
    const { events: got } = await read([
      chunk([
        { inlineData: { mimeType: 'image/png', data: 'AQID' }, thoughtSignature: 's' },
        code,
        result,
        { future: 1 },
      ]),
      stop(),
    ])
    expect(partsOf(got)).toEqual([
      { type: 'file', mediaType: 'image/png', data: 'AQID', providerMetadata: { google: { thoughtSignature: 's' } } },
      { type: 'provider', vendor: 'google', kind: 'executableCode', value: code },
      { type: 'provider', vendor: 'google', kind: 'codeExecutionResult', value: result },
    ])
    expect(got.filter(({ type }) => type === 'side_effect')).toEqual([{ type: 'side_effect', name: 'executableCode' }])
  })

  test('makes ids that other vendors take', async () => {
    const attemptId = '3f2b8c1e-0d4a-4f6b-9c7d-1a2b3c4d5e6f'
    const bytes = sliced(sse([chunk([{ functionCall: { name: 'now' } }]), stop()]), 65_536)
    const { events: got } = await gather(events(bytes, { ...answering, attemptId }))
    expect(partsOf(got)).toMatchObject([{ id: expect.stringMatching(/^[A-Za-z0-9_-]{1,40}$/) as string }])
  })

  test('gives two calls of one id two ids', async () => {
    const call = { functionCall: { id: 'x', name: 'weather', args: {} } }
    const { events: got } = await read([chunk([call, call]), stop()])
    expect(partsOf(got).map((part) => (part as { id: string }).id)).toEqual(['x', 'call_a1_1'])
  })
})

describe('a function call in pieces', () => {
  const piece = (call: object): object => chunk([{ functionCall: call }])

  test('is assembled from its paths', async () => {
    const { events: got } = await read([
      piece({ name: 'plan', id: 'p', willContinue: true }),
      piece({ partialArgs: [{ jsonPath: '$.city', stringValue: 'Nî', willContinue: true }], willContinue: true }),
      piece({ partialArgs: [{ jsonPath: '$.city', stringValue: 'mes' }], willContinue: true }),
      piece({
        partialArgs: [
          { jsonPath: '$.stops[0].day', numberValue: 1 },
          { jsonPath: '$.stops[1].day', numberValue: 2 },
          { jsonPath: "$['with space']", boolValue: false },
          { jsonPath: '$.none', nullValue: 'NULL_VALUE' },
        ],
        willContinue: true,
      }),
      piece({}),
      stop(),
    ])
    const input = { city: 'Nîmes', stops: [{ day: 1 }, { day: 2 }], 'with space': false, none: null }
    expect(partsOf(got)).toMatchObject([{ type: 'tool_call', id: 'p', name: 'plan' }])
    expect(JSON.parse((partsOf(got)[0] as { rawInput: string }).rawInput)).toEqual(input)
    expect((partsOf(got)[0] as { input: unknown }).input).toEqual(input)
    expect(got.at(-1)).toMatchObject({ reason: 'tool_calls' })
  })

  test('that is cut short is dropped with a warning', async () => {
    const { events: got } = await read([piece({ name: 'plan', willContinue: true }), stop('MAX_TOKENS')])
    expect(partsOf(got)).toEqual([])
    expect(got.at(-1)).toMatchObject({ reason: 'length', warnings: [{ code: 'incomplete_tool_call' }] })
  })

  test.each(['$.__proto__.polluted', 'city', '$', '$.a[99999999999]', '$..a'])(
    'with the path %s is a protocol error',
    async (jsonPath) => {
      const { error } = await read([piece({ name: 'plan', partialArgs: [{ jsonPath, numberValue: 1 }] })])
      expect(error).toMatchObject({ kind: 'protocol' })
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    },
  )
})

test.each([
  ['STOP', 'stop'],
  ['MAX_TOKENS', 'length'],
  ['CONTINUATION', 'length'],
  ['SAFETY', 'content_filter'],
  ['RECITATION', 'content_filter'],
  ['BLOCKLIST', 'content_filter'],
  ['PROHIBITED_CONTENT', 'content_filter'],
  ['SPII', 'content_filter'],
  ['LANGUAGE', 'content_filter'],
  ['IMAGE_SAFETY', 'content_filter'],
  ['OTHER', 'other'],
  ['NO_IMAGE', 'other'],
  ['A_NEW_ONE', 'other'],
])('the finish reason %s is %s', async (raw, reason) => {
  const { events: got } = await read([chunk([{ text: 'x' }]), stop(raw)])
  expect(got.at(-1)).toEqual({ type: 'finish', reason, rawReason: raw })
})

test.each(['MALFORMED_FUNCTION_CALL', 'MALFORMED_RESPONSE', 'UNEXPECTED_TOOL_CALL', 'TOO_MANY_TOOL_CALLS'])(
  'the finish reason %s is an error that may be retried',
  async (raw) => {
    const { events: got, error } = await read([
      chunk([], { finishReason: raw, usageMetadata: { promptTokenCount: 3 } }),
    ])
    expect(error).toMatchObject({ kind: 'protocol', code: raw, retryable: true, billed: 'yes' })
    expect(got.some(({ type }) => type === 'usage')).toBe(true)
  },
)

test('a blocked prompt is a content_filter error of the input, its usage counted', async () => {
  const { events: got, error } = await read([
    { promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: { promptTokenCount: 12 } },
  ])
  expect(error).toMatchObject({ kind: 'content_filter', phase: 'input', code: 'SAFETY', retryable: false })
  expect(got.at(-1)).toMatchObject({ type: 'usage', usage: { input: 12 } })
})

describe('a stream that breaks', () => {
  const bytes = Buffer.from(sse(whole))
  test.each([
    ['before anything', 0, 'protocol'],
    ['inside the first event', 30, 'stream_truncated'],
    ['inside a character', bytes.indexOf(Buffer.from('👋')) + 2, 'stream_truncated'],
    ['between two events', Buffer.byteLength(sse(whole.slice(0, 4))), 'stream_truncated'],
    ['before its last event', Buffer.byteLength(sse(whole.slice(0, -1))), 'stream_truncated'],
    ['inside its last event', Buffer.byteLength(sse(whole.slice(0, -1))) + 40, 'stream_truncated'],
  ])('%s is an error without a finish', async (_, length, kind) => {
    async function* cut(): AsyncGenerator<Uint8Array> {
      if (length > 0) yield bytes.subarray(0, length)
    }
    const { events: got, error } = await gather(events(cut(), answering))
    expect(error).toMatchObject({ kind, provider: 'google', model: 'gemini-2.5-flash' })
    expect(got.some(({ type }) => type === 'finish')).toBe(false)
  })

  test('after its last event but before the blank line is complete', async () => {
    const { events: got, error } = await gather(events(sliced(bytes.toString().trimEnd(), 65_536), answering))
    expect(error).toBeUndefined()
    expect(got.at(-1)?.type).toBe('finish')
  })

  test('after its finish reason is complete', async () => {
    async function* reset(): AsyncGenerator<Uint8Array> {
      yield bytes
      throw new LLMError('stream_truncated', 'reset')
    }
    const { events: got, error } = await gather(events(reset(), answering))
    expect(error).toBeUndefined()
    expect(got.at(-1)).toMatchObject({ type: 'finish' })
  })

  test('with an error inside gives what came before it and the error of its kind', async () => {
    const { events: got, error } = await read([
      chunk([{ text: 'Hal' }], { usageMetadata: { promptTokenCount: 3 } }),
      { error: { code: 503, message: 'overloaded', status: 'UNAVAILABLE' } },
    ])
    expect(textOf(got)).toBe('Hal')
    expect(error).toMatchObject({ kind: 'overloaded', billed: 'unknown' })
  })

  test('with an event that is not JSON is a protocol error that does not quote it', async () => {
    const { error } = await gather(events(sliced(`${sse(whole.slice(0, 2))}data: {"secret\n\n`, 65_536), answering))
    expect(error).toMatchObject({ kind: 'protocol' })
    expect((error as Error).message).not.toContain('secret')
  })
})

describe('one JSON body', () => {
  test('that says the prompt was blocked still gives its usage', () => {
    const blocked = { promptFeedback: { blockReason: 'OTHER' }, usageMetadata: { promptTokenCount: 3 } }
    const out: ProviderEvent[] = []
    expect(() => new ChunkReader(answering).readBody(blocked, out)).toThrow(
      expect.objectContaining({ kind: 'content_filter' }),
    )
    expect(out).toContainEqual(expect.objectContaining({ type: 'usage' }))
  })

  test('says the same as a stream, alone or as an array of chunks', () => {
    expect(partsOf(readAnswer(whole, answering))).toEqual(wholeParts)
    const one = chunk([{ text: 'Hé👋lo' }], { finishReason: 'STOP' })
    expect(partsOf(readAnswer(one, answering))).toEqual([{ type: 'text', text: 'Hé👋lo' }])
  })

  test.each([
    [{ error: { code: 500, status: 'INTERNAL', message: 'x' } }, 'server'],
    [[{ error: { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'x' } }], 'rate_limit'],
    [{ promptFeedback: { blockReason: 'OTHER' } }, 'content_filter'],
    [{ candidates: [] }, 'stream_truncated'],
    [{ choices: [] }, 'protocol'],
    [[], 'protocol'],
    [null, 'protocol'],
  ])('%j is an error of kind %s', (value, kind) => {
    expect(() => readAnswer(value, answering)).toThrow(expect.objectContaining({ kind }))
  })
})
