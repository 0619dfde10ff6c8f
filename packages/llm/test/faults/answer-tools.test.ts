import type { Message } from '@wayfare/llm'
import { describe, expect, test } from 'vitest'
import { textual, tools } from './kit/calls.ts'
import { earlyUsage, expectInterrupted } from './kit/interruption.ts'
import { observe } from './kit/observe.ts'
import type { Observation } from './kit/observe.ts'
import { edited, eventOf, played, record } from './kit/recording.ts'
import { faces } from './kit/refusal.ts'
import { inTurn } from './kit/turns.ts'
import { protocols, wireNamed, wires } from './kit/wires.ts'

const call = { tools }
const usage = { input: 12, output: 5 }
const path = { path: '/tmp/a/long/enough/path' }
const chatWires = wires.filter((wire) => wire.protocol === 'chat')

describe.each(protocols)('$name', (wire) => {
  test.each(['end', 'cut', 'reset'] as const)(
    `P01 ${wire.name}: a call is never made from a stream that was cut (%s)`,
    async (kind) => {
      const after = textual.includes(wire) ? 2 : 1
      await expectInterrupted(wire, {
        reply: { toolCalls: [{ name: 'read', input: path }], deltaSize: 8, fault: { after, kind } },
        kind: 'stream_truncated',
        facts: { retryable: true },
        shown: '',
        usageSource: earlyUsage(wire),
        breaker: 'model',
        call,
      })
    },
  )

  test(`P01 ${wire.name}: nor is a call that was whole when another one was cut`, async () => {
    const toolCalls = [
      { name: 'read', input: path },
      { name: 'write', input: path },
    ]
    const after = textual.includes(wire) ? 6 : 1
    await expectInterrupted(wire, {
      reply: { text: 'Reading.', toolCalls, deltaSize: 8, fault: { after, kind: 'end' } },
      kind: 'stream_truncated',
      shown: 'Reading.',
      usageSource: earlyUsage(wire),
      breaker: 'model',
      call,
    })
  })

  test(`P04 ${wire.name}: a call of a tool that was not offered is told as invalid`, async () => {
    for (const face of inTurn(wire, faces)) {
      const toolCalls = [{ name: 'delete', input: path }]
      const seen = await observe(face, { wire, replies: [{ toolCalls, usage: { input: 12, output: 5 } }], call })
      expect(seen.response?.toolCalls).toMatchObject([
        { name: 'delete', invalid: true, input: path, problem: expect.stringContaining('read, write') },
      ])
      expect(seen.response?.finishReason).toBe('tool_calls')
      expect(seen.requests).toHaveLength(1)
    }
  })

  test.each(['', 'twice'])(`P04 ${wire.name}: calls whose ids are all %j get ids that can be answered`, async (id) => {
    const toolCalls = [
      { name: 'read', input: { n: 1 }, id: 'first' },
      { name: 'read', input: { n: 2 }, id: 'second' },
      { name: 'read', input: { n: 3 }, id: 'third' },
    ]
    const events = await record(wire, { toolCalls, usage })
    const same = events.map((event) => event.replace(/"id":"(first|second|third)"/g, `"id":"${id}"`))
    const seen = await observe('events', { wire, replies: [played(wire, same)], call })
    const { message, toolCalls: calls } = seen.response!
    const ids = calls.map((one) => one.id)
    expect(new Set(ids).size).toBe(3)
    expect(ids.every((one) => one.length > 0)).toBe(true)
    expect(calls.map((one) => one.input)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
    expect(callsOf(seen)).toEqual(calls)
    expect(message.content.flatMap((part) => (part.type === 'tool_call' ? [part.id] : []))).toEqual(ids)

    const messages: Message[] = [{ role: 'user', content: 'Read.' }, message, resultsOf(seen)]
    // A signature of calls with other ids than these.
    const next = await observe('events', {
      wire,
      validate: wire.name !== 'google',
      replies: [{ text: 'Done.' }],
      call: { tools, messages },
    })
    expect(next.error).toBeUndefined()
    expect(next.response?.text).toBe('Done.')
    for (const result of calls) expect(JSON.stringify(next.requests[0]?.body)).toContain(`result of ${result.id}`)
  })

  test(`P05 ${wire.name}: several calls are handed out once each, in their order`, async () => {
    const toolCalls = [
      { name: 'read', input: { n: 1 } },
      { name: 'write', input: { n: 2 } },
      { name: 'read', input: { n: 3 } },
    ]
    for (const face of inTurn(wire, faces)) {
      const seen = await observe(face, { wire, replies: [{ text: 'Reading.', toolCalls, deltaSize: 2 }], call })
      expect(seen.response?.toolCalls.map(({ name, input }) => ({ name, input }))).toEqual(toolCalls)
      if (face !== 'text') expect(callsOf(seen)).toEqual(seen.response?.toolCalls)
    }
  })

  test(`P06 ${wire.name}: with calls the reason is tool_calls, whatever the vendor says`, async () => {
    const reply = { toolCalls: [{ name: 'read', input: path }], finish: 'stop' } as const
    const seen = await observe('events', { wire, replies: [reply], call })
    expect(seen.response?.finishReason).toBe('tool_calls')
    expect(seen.response?.toolCalls).toHaveLength(1)
  })

  test(`P06 ${wire.name}: without calls the reason is not tool_calls, whatever the vendor says`, async () => {
    const seen = await observe('events', { wire, replies: [{ text: 'Hello.', finish: 'tool_calls' }], call })
    expect(seen.response).toMatchObject({ finishReason: 'stop', toolCalls: [], text: 'Hello.' })
  })
})

// The others send arguments as an object.
describe.each(textual)('$name', (wire) => {
  test(`P02 ${wire.name}: a call that the limit cut short is left out, and told`, async () => {
    const toolCalls = [
      { name: 'read', input: { n: 1 } },
      { name: 'write', rawInput: '{"path":"/tm' },
    ]
    for (const face of inTurn(wire, faces)) {
      const seen = await observe(face, { wire, replies: [{ text: 'Go.', toolCalls, finish: 'length', usage }], call })
      expect(seen.response).toMatchObject({ finishReason: 'length', text: 'Go.' })
      expect(seen.response?.toolCalls.map(({ input }) => input)).toEqual([{ n: 1 }])
      expect(seen.response?.warnings).toMatchObject([{ message: expect.stringContaining('cut short') }])
      expect(JSON.stringify(seen.response?.message)).not.toContain('/tm')
      expect(seen.requests).toHaveLength(1)
    }
  })

  test.each(['{"path": /tmp}', 'read it', '{"a":1}}', '{"a":1', '[1,'])(
    `P03 ${wire.name}: arguments that are not JSON make a call invalid: %s`,
    async (rawInput) => {
      for (const face of inTurn(wire, faces)) {
        const seen = await observe(face, { wire, replies: [{ toolCalls: [{ name: 'read', rawInput }] }], call })
        expect(seen.response?.toolCalls).toMatchObject([
          { name: 'read', invalid: true, rawInput, input: {}, problem: expect.stringContaining('valid JSON') },
        ])
        expect(seen.response?.finishReason).toBe('tool_calls')
        expect(seen.attempts).toMatchObject([{ outcome: 'ok' }])
      }
    },
  )
})

test('P02 google: a call that the limit cut short is left out, and told', async () => {
  const wire = wireNamed('google')
  const events = await record(wire, { text: 'Go.', finish: 'length', usage })
  const piece = { name: 'read', partialArgs: [{ jsonPath: '$.path', stringValue: '/tm', willContinue: true }] }
  const open = { candidates: [{ content: { parts: [{ functionCall: { ...piece, willContinue: true } }] }, index: 0 }] }
  const reply = played(wire, [...events.slice(0, -1), eventOf(wire, open), events.at(-1)!])
  const seen = await observe('events', { wire, replies: [reply], call })
  expect(seen.response).toMatchObject({ finishReason: 'length', text: 'Go.', toolCalls: [], usage })
  expect(seen.response?.warnings).toMatchObject([{ message: expect.stringContaining('cut short') }])
})

test('P03 ollama: arguments that come as text and are not JSON make a call invalid', async () => {
  const wire = wireNamed('ollama')
  const events = await record(wire, { toolCalls: [{ name: 'read', input: { marker: 1 } }] })
  const odd = events.map((event) => event.replace('{"marker":1}', JSON.stringify('{"path": /tmp}')))
  const seen = await observe('events', { wire, replies: [played(wire, odd)], call })
  expect(seen.response?.toolCalls).toMatchObject([{ invalid: true, rawInput: '{"path": /tmp}', input: {} }])
  expect(seen.response?.finishReason).toBe('tool_calls')
})

test('P03 google: a call that the vendor itself could not read is asked for again', async () => {
  const wire = wireNamed('google')
  const events = await record(wire, { text: '', usage })
  const odd = events.map((event) => edited(event, (json) => json.replace('"STOP"', '"MALFORMED_FUNCTION_CALL"')))
  await expectInterrupted(wire, {
    reply: played(wire, odd),
    kind: 'protocol',
    facts: { code: 'MALFORMED_FUNCTION_CALL', billed: 'yes' },
    shown: '',
    retries: 1,
    usageSource: 'partial',
    breaker: 'model',
    call,
  })
})

test('P03 google: arguments that are no object make a call invalid', async () => {
  const wire = wireNamed('google')
  const events = await record(wire, { toolCalls: [{ name: 'read', input: { marker: 1 } }] })
  const odd = events.map((event) => event.replace('{"marker":1}', '"/tmp"'))
  const seen = await observe('events', { wire, replies: [played(wire, odd)], call })
  expect(seen.response?.toolCalls).toMatchObject([{ invalid: true, rawInput: '"/tmp"', input: {} }])
})

describe.each(chatWires)('$name', (wire) => {
  const chunk = (...calls: object[]): string =>
    eventOf(wire, {
      id: 'c',
      object: 'chat.completion.chunk',
      model: 'm',
      choices: [{ index: 0, delta: { tool_calls: calls } }],
    })
  const piece = (index: number | undefined, args: string, more: object = {}): object => ({
    ...(index !== undefined && { index }),
    ...more,
    function: { ...('name' in more && { name: more.name }), arguments: args },
  })
  const first = (id: string, name: string): object => ({ id, type: 'function', name })

  test.each<[how: string, chunks: () => string[]]>([
    [
      'interleaved, with ids at the beginning alone',
      () => [
        chunk(piece(0, '', first('a', 'read'))),
        chunk(piece(1, '', first('b', 'write'))),
        chunk(piece(1, '{"n"'), piece(0, '{"n":')),
        chunk(piece(0, '1}')),
        chunk(piece(1, ':2}')),
      ],
    ],
    [
      'from the last to the first',
      () => [chunk(piece(1, '{"n":2}', first('b', 'write'))), chunk(piece(0, '{"n":1}', first('a', 'read')))],
    ],
    [
      'without numbers',
      () => [
        chunk(piece(undefined, '{"n":1}', first('a', 'read'))),
        chunk(piece(undefined, '{"n":2}', first('b', 'write'))),
      ],
    ],
    [
      'all numbered 0',
      () => [chunk(piece(0, '{"n":1}', first('a', 'read'))), chunk(piece(0, '{"n":2}', first('b', 'write')))],
    ],
  ])(`P05 ${wire.name}: calls arrive %s`, async (_, chunks) => {
    const events = await record(wire, { text: 'Go.', usage })
    const at = events.findIndex((event) => event.includes('Go.')) + 1
    const reply = played(wire, [...events.slice(0, at), ...chunks(), ...events.slice(at)])
    for (const face of inTurn(wire, faces)) {
      const seen = await observe(face, { wire, replies: [reply], call })
      expect(seen.response?.toolCalls).toEqual([
        { id: 'a', name: 'read', input: { n: 1 }, rawInput: '{"n":1}' },
        { id: 'b', name: 'write', input: { n: 2 }, rawInput: '{"n":2}' },
      ])
      expect(seen.response?.finishReason).toBe('tool_calls')
    }
  })
})

test('P05 anthropic: blocks of calls may be woven into each other', async () => {
  const wire = wireNamed('anthropic')
  const toolCalls = [
    { name: 'read', input: { n: 1 }, id: 'a' },
    { name: 'write', input: { n: 2 }, id: 'b' },
  ]
  const events = await record(wire, { toolCalls, usage, deltaSize: 2 })
  const of = (index: number): string[] => events.filter((event) => new RegExp(`"index":${index}[,}]`).test(event))
  const [a, b] = [of(0), of(1)]
  const woven = a.flatMap((event, at) => [event, b[at]!])
  const from = events.indexOf(a[0]!)
  const reply = played(wire, [...events.slice(0, from), ...woven, ...events.slice(from + a.length + b.length)])
  const seen = await observe('events', { wire, replies: [reply], call })
  expect(seen.response?.toolCalls).toMatchObject(toolCalls)
})

function callsOf({ events }: Observation): unknown[] {
  return events.flatMap((event) => (event.type === 'tool_call' ? [event.toolCall] : []))
}

function resultsOf({ response }: Observation): Message {
  const content = response!.toolCalls.map(({ id, name }) => ({
    type: 'tool_result' as const,
    id,
    name,
    output: `result of ${id}`,
  }))
  return { role: 'tool', content }
}
