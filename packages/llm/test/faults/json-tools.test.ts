import { describe, expect, test } from 'vitest'
import { calling, textual, tools } from './kit/calls.ts'
import { expectAlike, expectInterrupted } from './kit/interruption.ts'
import type { Interruption } from './kit/interruption.ts'
import { observe } from './kit/observe.ts'
import { edited, played, record } from './kit/recording.ts'
import { faces } from './kit/refusal.ts'
import { inTurn } from './kit/turns.ts'
import { protocols, wireNamed, wires } from './kit/wires.ts'
import type { Wire } from './kit/wires.ts'

const call = { tools }
const usage = { input: 12, output: 5 }

describe.each(protocols)('$name', (wire) => {
  test(`J02 ${wire.name}: keys that reach for prototypes stay keys`, async () => {
    const raw =
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"a":{"__proto__":{"polluted":1}}}'
    for (const face of inTurn(wire, faces)) {
      const seen = await observe(face, { wire, replies: [await calling(wire, raw)], call })
      expect(seen.response?.finishReason).toBe('tool_calls')
      const input = seen.response?.toolCalls[0]?.input as { a: object; constructor: unknown } // as it was written above
      expect(JSON.stringify(input)).toBe(raw)
      expect(Object.hasOwn(input, '__proto__')).toBe(true)
      expect('polluted' in input || 'polluted' in input.a).toBe(false)
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    }
    const replay = await observe('events', {
      wire,
      // A signature of other arguments than these.
      validate: wire.name !== 'google',
      replies: [{ text: 'Done.' }],
      call: { tools, messages: await historyWith(wire, raw) },
    })
    expect(replay.response?.text).toBe('Done.')
    expect(JSON.stringify(replay.requests[0]?.body).replaceAll('\\', '')).toContain('"__proto__":{"polluted":1}')
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })

  test(`J04 ${wire.name}: numbers that JavaScript cannot hold are there as they were written`, async () => {
    const raw = '{"big":1e400,"long":12345678901234567890,"zero":-0,"small":1e-400}'
    const seen = await observe('events', { wire, replies: [await calling(wire, raw, { usage })], call })
    expect(seen.response?.toolCalls).toMatchObject([
      {
        name: 'read',
        rawInput: raw,
        input: { big: Infinity, long: Number('12345678901234567890'), zero: -0, small: 0 },
      },
    ])
    expect(seen.response).toMatchObject({ usageSource: 'reported', usage, finishReason: 'tool_calls' })
  })

  test(`J05 ${wire.name}: of two equal keys the last one counts; halves of characters, NUL and long strings pass`, async () => {
    const long = 'x'.repeat(1_000_000)
    const raw = `{"a":1,"a":2,"half":"\\ud83d","nul":"a\\u0000b","long":"${long}"}`
    const seen = await observe('events', { wire, replies: [await calling(wire, raw, { deltaSize: 10_000 })], call })
    expect(seen.response?.toolCalls[0]?.invalid).toBeUndefined()
    expect(seen.response?.toolCalls[0]?.input).toEqual({ a: 2, half: '\ud83d', nul: 'a\0b', long })
  })

  test(`J05 ${wire.name}: the same in a text`, async () => {
    const events = await record(wire, { text: 'One two three.', usage })
    const strange = events.map((event) => event.replace('two', () => `\\ud83d\\u0000${'x'.repeat(1_000_000)}`))
    const seen = await observe('events', { wire, replies: [played(wire, strange)] })
    expect(seen.response?.text).toBe(`One \ud83d\0${'x'.repeat(1_000_000)} three.`)
  })
})

/** What a model would have to have said for such a call to be in the history. */
async function historyWith(wire: Wire, raw: string) {
  const first = await observe('complete', { wire, replies: [await calling(wire, raw)], call })
  const { message, toolCalls } = first.response!
  return [
    { role: 'user' as const, content: 'Read.' },
    message,
    {
      role: 'tool' as const,
      content: toolCalls.map(({ id, name }) => ({ type: 'tool_result' as const, id, name, output: 'read' })),
    },
  ]
}

const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`

describe.each(textual)('$name', (wire) => {
  test(`J03 ${wire.name}: arguments nested ten thousand deep make a call invalid, unparsed`, async () => {
    const raw = `{"a":${deep}}`
    for (const face of inTurn(wire, faces)) {
      const seen = await observe(face, { wire, replies: [await calling(wire, raw, { usage, deltaSize: 512 })], call })
      expect(seen.response?.toolCalls).toMatchObject([{ name: 'read', invalid: true, rawInput: raw, input: {} }])
      expect(seen.response).toMatchObject({ finishReason: 'tool_calls', usageSource: 'reported', usage })
      expect(seen.requests).toHaveLength(1)
    }
  })
})

// Where the arguments are a part of the event, the event itself is nested too deeply.
describe.each(['google', 'ollama'])('%s', (name) => {
  const wire = wireNamed(name)

  test(`J03 ${name}: an event nested ten thousand deep is not parsed`, async () => {
    await expectInterrupted(wire, {
      reply: await calling(wire, `{"a":${deep}}`),
      kind: 'protocol',
      facts: { retryable: false, message: expect.stringContaining('nested deeper') },
      shown: '',
      retries: 0,
      usageSource: 'none',
      breaker: 'nothing',
      call,
    })
  })
})

describe.each(wires.filter((wire) => wire.protocol === 'chat'))('$name', (wire) => {
  test.each(['4294967294', '-1', '"x"', '1.5'])(
    `J06 ${wire.name}: a tool call numbered %s cannot be put together`,
    async (index) => {
      const events = await record(wire, { text: 'One two.', toolCalls: [{ name: 'read', input: { path: '/tmp/a' } }] })
      const odd = events.map((event) =>
        event.replace(/("tool_calls":\[\{"index":)0/, (_, before) => `${before}${index}`),
      )
      expect(odd).not.toEqual(events)
      const broken: Interruption = {
        reply: played(wire, odd),
        kind: 'protocol',
        facts: { retryable: false },
        shown: 'One two.',
        retries: 0,
        usageSource: 'estimated',
        breaker: 'nothing',
        call,
      }
      await expectAlike(wire, broken, index === '-1')
    },
  )
})

test.each(['4294967294', '-1', '"x"', '1.5'])('J06 openai: an item numbered %s has no place', async (index) => {
  const wire = wireNamed('openai')
  const events = await record(wire, { text: 'One two.', toolCalls: [{ name: 'read', input: { path: '/tmp/a' } }] })
  const odd = events.map((event) => event.replace('"output_index":1', () => `"output_index":${index}`))
  const broken: Interruption = {
    reply: played(wire, odd),
    kind: 'protocol',
    facts: { retryable: false },
    shown: 'One two.',
    retries: 0,
    usageSource: 'estimated',
    breaker: 'nothing',
    call,
  }
  await expectAlike(wire, broken, index === '-1')
})

test.each(['"x"', 'null', '{}'])('J06 anthropic: a content block numbered %s has no place', async (index) => {
  const wire = wireNamed('anthropic')
  const events = await record(wire, { text: 'One two.', toolCalls: [{ name: 'read', input: { path: '/tmp/a' } }] })
  const odd = events.map((event) => edited(event, (json) => json.replace('"index":1', () => `"index":${index}`)))
  const broken: Interruption = {
    reply: played(wire, odd),
    kind: 'protocol',
    facts: { retryable: false },
    shown: 'One two.',
    retries: 0,
    usageSource: 'partial',
    breaker: 'nothing',
    call,
  }
  await expectAlike(wire, broken, index === 'null')
})
