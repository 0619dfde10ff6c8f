import { describe, expect, test } from 'vitest'
import type { AssistantPart, ChatEvent, ChatResponse, FinishReason, ProviderEvent } from '@wayfare/core'
import { Fold } from '../src/fold.ts'
import { call, finish, text, thought, usage } from './kit/events.ts'
import type { Script } from './kit/provider.ts'
import { brief, readAll, rig } from './kit/rig.ts'

const part = (made: AssistantPart): ProviderEvent => ({ type: 'part', part: made })
const signed = { v: { signature: 's' } }
const tools = { look: { inputSchema: { jsonSchema: {} } }, go: { inputSchema: { jsonSchema: {} } } }
const noRetry = [{ trigger: 'error', action: 'wait_and_retry', maxRetries: 0 }] as const

async function told(script: Script): Promise<{ events: readonly ChatEvent[]; response: ChatResponse }> {
  const { router, clock } = rig({ a: [script] })
  const stream = router.stream({ messages: 'x', tools })
  const { items, error } = await clock.run(readAll(stream))
  if (error !== undefined) throw error as Error
  return { events: items as readonly ChatEvent[], response: await stream.response() }
}

async function failure(script: Script): Promise<unknown> {
  const { router, clock, leaks } = rig({ a: [script] }, { fallbacks: noRetry })
  const { error } = await clock.run(readAll(router.stream({ messages: 'x', tools })))
  expect(leaks()).toEqual([])
  return error
}

describe('parts', () => {
  const file = { type: 'file', mediaType: 'image/png', data: 'aGk=' } as const
  const opaque = { type: 'provider', vendor: 'v', kind: 'search', value: { a: 1 } } as const
  const table: readonly (readonly [string, Script, readonly string[], readonly unknown[]])[] = [
    ['a run of deltas is one part', [text('a'), text('b')], ['a', 'b'], [{ type: 'text', text: 'ab' }]],
    [
      'a change of type begins another',
      [thought('t'), text('a'), thought('u'), text('b')],
      ['(t)', 'a', '(u)', 'b'],
      [
        { type: 'reasoning', text: 't' },
        { type: 'text', text: 'a' },
        { type: 'reasoning', text: 'u' },
        { type: 'text', text: 'b' },
      ],
    ],
    [
      'a part closes its run and brings its metadata',
      [thought('t'), part({ type: 'reasoning', text: 't', providerMetadata: signed }), thought('u')],
      ['(t)', '(u)'],
      [
        { type: 'reasoning', text: 't', providerMetadata: signed },
        { type: 'reasoning', text: 'u' },
      ],
    ],
    [
      'parts that overlap close the runs of their own type, in order',
      [
        thought('t'),
        text('a'),
        part({ type: 'reasoning', text: 't', providerMetadata: signed }),
        text('b'),
        part({ type: 'text', text: 'ab' }),
      ],
      ['(t)', 'a', 'b'],
      [
        { type: 'reasoning', text: 't', providerMetadata: signed },
        { type: 'text', text: 'ab' },
      ],
    ],
    [
      'a part without deltas is shown as one',
      [part({ type: 'text', text: 'ab' })],
      ['ab'],
      [{ type: 'text', text: 'ab' }],
    ],
    [
      'a thought without words keeps its metadata and is not shown',
      [part({ type: 'reasoning', text: '', providerMetadata: signed }), text('a')],
      ['a'],
      [
        { type: 'reasoning', text: '', providerMetadata: signed },
        { type: 'text', text: 'a' },
      ],
    ],
    ['empty deltas make nothing', [text(''), thought(''), text('a'), text('')], ['a'], [{ type: 'text', text: 'a' }]],
    [
      'a file is shown where it stands',
      [text('a'), part(file), text('b')],
      ['a', 'file', 'b'],
      [{ type: 'text', text: 'a' }, file, { type: 'text', text: 'b' }],
    ],
    [
      'a block of the vendor is kept and not shown',
      [text('a'), part(opaque)],
      ['a'],
      [{ type: 'text', text: 'a' }, opaque],
    ],
    ['nothing at all is an answer too (P13)', [usage({ input: 3, output: 0 })], [], []],
    [
      'events of one read may come together',
      [[text('a'), text('b')], [], [thought('t')]],
      ['a', 'b', '(t)'],
      [
        { type: 'text', text: 'ab' },
        { type: 'reasoning', text: 't' },
      ],
    ],
  ]
  test.each(table)('%s', async (_, script, shown, parts) => {
    const { events, response } = await told([...script, finish()])
    expect(brief(events).slice(1, -1)).toEqual(shown)
    expect(response.message).toEqual({ role: 'assistant', content: parts })
    expect(response.text).toBe(
      parts
        .map((each) =>
          (each as { type: string; text: string }).type === 'text' ? (each as { text: string }).text : '',
        )
        .join(''),
    )
    expect(response.finishReason).toBe('stop')
  })

  test('the message goes back into the history unchanged, through JSON', async () => {
    const { response } = await told([thought('t'), text('a'), call('look', { at: 1 }), finish('tool_calls')])
    const history = JSON.parse(JSON.stringify([{ role: 'user', content: 'x' }, response.message])) as []
    const { router, providers } = rig({ a: [[text('ok'), finish()]] })
    await router.complete({ messages: [...history, { role: 'tool', content: [] }] })
    expect(providers.a.sent[0]?.request.messages[1]).toEqual(response.message)
  })
})

describe('tool calls', () => {
  const table: readonly (readonly [string, Script, FinishReason, FinishReason, readonly object[]])[] = [
    [
      'are handed out whole, at the end',
      [call('look', { at: 1 })],
      'tool_calls',
      'tool_calls',
      [{ name: 'look', input: { at: 1 } }],
    ],
    ['make a stop tool_calls (P06)', [call('look', {})], 'stop', 'tool_calls', [{ name: 'look' }]],
    ['missing make tool_calls a stop (P06)', [text('a')], 'tool_calls', 'stop', []],
    [
      'keep their order',
      [call('look', {}), text('a'), call('go', {})],
      'tool_calls',
      'tool_calls',
      [{ name: 'look' }, { name: 'go' }],
    ],
    [
      'whose arguments are no JSON are invalid (P03)',
      [call('look', undefined, { rawInput: '{"at":', invalid: true })],
      'tool_calls',
      'tool_calls',
      [
        {
          name: 'look',
          invalid: true,
          rawInput: '{"at":',
          problem: 'the arguments are not valid JSON; call the tool again with valid JSON',
        },
      ],
    ],
    [
      'that were never offered are invalid (P04)',
      [call('fly', { at: 1 })],
      'tool_calls',
      'tool_calls',
      [
        {
          name: 'fly',
          invalid: true,
          input: { at: 1 },
          problem: 'there is no tool named "fly"; the tools are: look, go',
        },
      ],
    ],
    [
      'named like a method of Object are invalid too',
      [call('constructor', {})],
      'tool_calls',
      'tool_calls',
      [{ name: 'constructor', invalid: true }],
    ],
    [
      'that the length cut off are left out (P02)',
      [text('a'), call('look', undefined, { rawInput: '{"at":', invalid: true })],
      'length',
      'length',
      [],
    ],
    [
      'of which only deltas came do not exist (P01)',
      [text('a'), { type: 'tool_call_delta', index: 0, name: 'look', rawInput: '{"at":' }],
      'length',
      'length',
      [],
    ],
  ]
  test.each(table)('%s', async (_, script, said, reason, calls) => {
    const { events, response } = await told([...script, finish(said)])
    expect(response.finishReason).toBe(reason)
    expect(response.toolCalls).toMatchObject(calls)
    expect(response.toolCalls).toHaveLength(calls.length)
    const handed = events.flatMap((event) => (event.type === 'tool_call' ? [event.toolCall] : []))
    expect(handed).toEqual(response.toolCalls)
    expect(events.at(-1)?.type).toBe('finish')
  })

  test('of a stream that breaks are never handed out (P01)', async () => {
    const { router, clock } = rig({ a: [[call('look', {}), text('a')]] }, { fallbacks: noRetry })
    const { items, error } = await clock.run(readAll(router.stream({ messages: 'x', tools })))
    expect(brief(items)).toEqual(['start 1 a/m', 'a', 'failed 1 stream_truncated'])
    expect(error).toMatchObject({ kind: 'stream_truncated', partial: { text: 'a' } })
  })

  test('may be 128, not more', async () => {
    const many = (count: number): Script =>
      Array.from({ length: count }, (_, index) => call('look', {}, { id: `c${index}` }))
    expect((await told([...many(128), finish()])).response.toolCalls).toHaveLength(128)
    expect(await failure([...many(129), finish()])).toMatchObject({
      kind: 'protocol',
      message: 'the answer holds more than 128 tool calls',
    })
  })
})

describe('the end', () => {
  test.each(['stop', 'length', 'content_filter', 'refusal', 'pause', 'other'] as const)(
    '%s is told as it is (P11-P14)',
    async (reason) => {
      const { response } = await told([text('a'), { type: 'finish', reason, rawReason: 'theirs' }])
      expect(response).toMatchObject({ finishReason: reason, rawFinishReason: 'theirs', text: 'a' })
    },
  )

  test('without finish is truncation', async () => {
    expect(await failure([text('a'), usage({ input: 1, output: 1 })])).toMatchObject({
      kind: 'stream_truncated',
      message: 'the answer ended before the provider said that it was complete',
    })
  })

  test.each([
    ['text', text('b'), 'text_delta'],
    ['usage', usage({ output: 3 }), 'usage'],
    ['a second finish', finish(), 'finish'],
  ] as const)('followed by %s is a fault of the protocol', async (_, event, type) => {
    expect(await failure([text('a'), finish(), event])).toMatchObject({
      kind: 'protocol',
      message: `the provider sent "${type}" after it had finished`,
    })
  })

  test('warnings of start and finish are in the response', async () => {
    const one = { code: 'one', message: '1' }
    const two = { code: 'two', message: '2' }
    const { response } = await told([
      { type: 'start', id: 'r', model: 'served', upstream: 'host', requestId: 'q', warnings: [one] },
      text('a'),
      { type: 'finish', reason: 'stop', warnings: [two] },
    ])
    expect(response.warnings).toEqual([one, two])
    expect(response.servedModel).toBe('served')
    expect(response.attempts).toMatchObject([{ servedModel: 'served', upstream: 'host', requestId: 'q' }])
  })
})

test('an answer of thousands of pieces is their text in order', async () => {
  const words = Array.from({ length: 5_000 }, (_, at) => `${at} `)
  const { response } = await told([words.map(text), finish()])
  expect(response.text).toBe(words.join(''))
})

describe('a flood', () => {
  test('of 10,001 events without content is a fault of the protocol (S14)', async () => {
    const empty = (count: number): Script => [Array.from({ length: count }, () => text(''))]
    expect((await told([text('a'), ...empty(10_000), text('b'), ...empty(10_000), finish()])).response.text).toBe('ab')
    expect(await failure([text('a'), ...empty(10_001), finish()])).toMatchObject({
      kind: 'protocol',
      message: '10000 events in a row brought no content',
    })
  })

  // By itself: what a router charges for so much text takes its time to estimate.
  test('of more than 256 Mi characters is refused', () => {
    const fold = new Fold()
    const block = text('x'.repeat(2 ** 26))
    for (let n = 0; n < 4; n++) fold.add(block)
    expect(() => fold.add(text('x'))).toThrow(expect.objectContaining({ kind: 'response_too_large' }))
  })
})
