import type { ProviderEvent } from '@wayfare/core'
import { LineDecoder } from '@wayfare/provider-kit'
import { describe, expect, test } from 'vitest'
import { LineReader } from '../src/events.ts'
import type { Answering } from '../src/events.ts'
import { events, gather, partsOf, readAnswer, sliced, textOf } from './asking.ts'

const answering: Answering = {
  provider: 'ollama',
  model: 'qwen3:8b',
  attemptId: 'a1',
  clock: { date: () => new Date(0) },
  headers: new Map(),
  warnings: [],
}

const line = (message: object): object => ({
  model: 'qwen3:8b',
  message: { role: 'assistant', ...message },
  done: false,
})
const done = (rest: object = { done_reason: 'stop' }): object => ({
  model: 'qwen3:8b',
  message: { role: 'assistant', content: '' },
  done: true,
  ...rest,
})
const call = (name: string, args: unknown, id?: string): object => ({
  ...(id !== undefined && { id }),
  function: { name, arguments: args },
})

function ndjson(list: readonly object[], lineEnd = '\n'): string {
  return list.map((one) => JSON.stringify(one) + lineEnd).join('')
}

async function read(
  list: readonly object[],
  changes: Partial<Answering> = {},
): Promise<{ readonly events: readonly ProviderEvent[]; readonly error?: unknown }> {
  return gather(events(sliced(ndjson(list), 65_536), { ...answering, ...changes }))
}

const whole: readonly object[] = [
  line({ content: '', thinking: 'Grüß ' }),
  line({ thinking: '👋' }),
  line({ content: 'Hé' }),
  line({ content: '👋lo' }),
  line({ content: '', tool_calls: [call('weather', { city: 'Nîmes' }, 'c1'), call('now', {})] }),
  done({ done_reason: 'stop', prompt_eval_count: 10, eval_count: 42 }),
]

const wholeParts = [
  { type: 'reasoning', text: 'Grüß 👋', providerMetadata: { ollama: {} } },
  { type: 'tool_call', id: 'c1', name: 'weather', input: { city: 'Nîmes' }, rawInput: '{"city":"Nîmes"}' },
  { type: 'tool_call', id: 'call_a1_1', name: 'now', input: {}, rawInput: '{}' },
]

describe('a stream', () => {
  test.each([1, 7, 65_536].flatMap((size) => ['\n', '\r\n'].map((lineEnd) => [size, lineEnd] as const)))(
    'reads the same in slices of %i bytes with %j',
    async (size, lineEnd) => {
      const { events: got, error } = await gather(events(sliced(ndjson(whole, lineEnd), size), answering))
      expect(error).toBeUndefined()
      expect(got[0]).toEqual({ type: 'start', model: 'qwen3:8b' })
      expect(textOf(got)).toBe('Hé👋lo')
      expect(partsOf(got)).toEqual(wholeParts)
      expect(got.at(-2)).toEqual({ type: 'usage', usage: { input: 10, output: 42 } })
      expect(got.at(-1)).toEqual({ type: 'finish', reason: 'tool_calls', rawReason: 'stop' })
    },
  )

  test('may bring a tool call on its last line', async () => {
    const message = { role: 'assistant', content: '', tool_calls: [call('now', {})] }
    const { events: got } = await read([done({ done_reason: 'stop', message })])
    expect(partsOf(got)).toHaveLength(1)
    expect(got.at(-1)).toMatchObject({ reason: 'tool_calls' })
  })

  test('gives two calls of one id two ids', async () => {
    const { events: got } = await read([line({ tool_calls: [call('now', {}, 'x'), call('now', {}, 'x')] }), done()])
    expect(partsOf(got).map((part) => (part as { id: string }).id)).toEqual(['x', 'call_a1_1'])
  })

  test('may bring arguments as text, which need not be JSON', async () => {
    const { events: got } = await read([line({ tool_calls: [call('a', '{"x":1}'), call('b', '{"x')] }), done()])
    expect(partsOf(got)).toMatchObject([{ input: { x: 1 } }, { rawInput: '{"x', invalid: true }])
  })

  test.each<[object, object | undefined]>([
    [
      { prompt_eval_count: 3, eval_count: 4 },
      { input: 3, output: 4 },
    ],
    [{ eval_count: 4 }, { output: 4 }],
    [
      { prompt_eval_count: 3, eval_count: 1.5 },
      { input: 3, output: 1 },
    ],
    [{}, undefined],
  ])('with the counts %j has the usage %j', async (counts, usage) => {
    const { events: got } = await read([done({ done_reason: 'stop', ...counts })])
    const found = got.find((event) => event.type === 'usage')
    expect(found).toEqual(usage && { type: 'usage', usage })
  })

  test('with a count that is none says so', async () => {
    const { events: got } = await read([done({ done_reason: 'stop', prompt_eval_count: -3, eval_count: '7' })])
    const problems = ['prompt_eval_count is not a token count', 'eval_count is not a token count']
    expect(got.find((event) => event.type === 'usage')).toEqual({ type: 'usage', usage: { input: 0 }, problems })
  })
})

test.each([
  ['stop', 'stop', []],
  ['length', 'length', []],
  ['load', 'other', ['model_loaded']],
  ['unload', 'other', ['model_loaded']],
  ['a_new_one', 'other', []],
  [undefined, 'other', ['no_finish_reason']],
])('the reason %s is %s', async (raw, reason, warned) => {
  const { events: got } = await read([line({ content: 'x' }), done({ done_reason: raw })])
  expect(got.at(-1)).toMatchObject({ type: 'finish', reason })
  const finish = got.at(-1) as Extract<ProviderEvent, { type: 'finish' }>
  expect((finish.warnings ?? []).map(({ code }) => code)).toEqual(warned)
})

test.each([
  [4_096, undefined, ['context_full']],
  [4_000, undefined, []],
  [9_000, undefined, []],
  [8_190, 8_192, ['context_full']],
  [4_096, 8_192, []],
])('a prompt of %i tokens in a context of %s warns with %j', async (count, contextTokens, warned) => {
  const changes = contextTokens === undefined ? {} : { contextTokens }
  const { events: got } = await read([done({ done_reason: 'stop', prompt_eval_count: count })], changes)
  const finish = got.at(-1) as Extract<ProviderEvent, { type: 'finish' }>
  expect((finish.warnings ?? []).map(({ code }) => code)).toEqual(warned)
})

test('nothing behind the end of an answer counts, and the end is not seen before it comes', () => {
  const bytes = Buffer.from(ndjson(whole))
  const decoder = new LineDecoder(new LineReader(answering))
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
  const bytes = Buffer.from(ndjson(whole))
  test.each([
    ['before anything', 0, 'protocol'],
    ['inside the first line', 30, 'stream_truncated'],
    ['inside a character', bytes.indexOf(Buffer.from('👋')) + 2, 'stream_truncated'],
    ['between two lines', Buffer.byteLength(ndjson(whole.slice(0, 3))), 'stream_truncated'],
    ['before its last line', Buffer.byteLength(ndjson(whole.slice(0, -1))), 'stream_truncated'],
    ['inside its last line', bytes.length - 3, 'stream_truncated'],
  ])('%s is an error without a finish', async (_, length, kind) => {
    for (const size of [7, 65_536]) {
      const { events: got, error } = await gather(events(sliced(bytes.subarray(0, length), size), answering))
      expect(error).toMatchObject({ kind, provider: 'ollama', model: 'qwen3:8b' })
      expect(got.some(({ type }) => type === 'finish')).toBe(false)
    }
  })

  test('after its last line but before the line end is complete', async () => {
    const { events: got, error } = await gather(events(sliced(bytes.toString().trimEnd(), 65_536), answering))
    expect(error).toBeUndefined()
    expect(got.at(-1)?.type).toBe('finish')
  })

  test('with an error line gives what came before it and the error', async () => {
    const { events: got, error } = await read([
      line({ content: 'Hal' }),
      { error: 'llama runner process has terminated' },
    ])
    expect(textOf(got)).toBe('Hal')
    expect(error).toMatchObject({ kind: 'server', retryable: false, billed: 'unknown' })
  })

  test.each([7, 65_536])(
    'with a line in its middle that is not JSON is a protocol error (slices of %i)',
    async (size) => {
      const text = `${ndjson(whole.slice(0, 2))}{"secret\n${ndjson(whole.slice(2))}`
      const { error } = await gather(events(sliced(text, size), answering))
      expect(error).toMatchObject({ kind: 'protocol' })
      expect((error as Error).message).not.toContain('secret')
    },
  )
})

describe('one JSON body', () => {
  test('says the same as a stream', () => {
    const body = done({
      done_reason: 'stop',
      message: {
        role: 'assistant',
        thinking: 'Grüß 👋',
        content: 'Hé👋lo',
        tool_calls: [call('weather', { city: 'Nîmes' }, 'c1'), call('now', {})],
      },
    })
    expect(partsOf(readAnswer(body, answering))).toEqual(wholeParts)
    expect(textOf(readAnswer(body, answering))).toBe('Hé👋lo')
  })

  test.each([
    [{ error: "model 'x' not found" }, 'model_not_found'],
    [line({ content: 'x' }), 'stream_truncated'],
    [{ choices: [] }, 'protocol'],
    [[], 'protocol'],
    [null, 'protocol'],
  ])('%j is an error of kind %s', (value, kind) => {
    expect(() => readAnswer(value, answering)).toThrow(expect.objectContaining({ kind }))
  })
})
