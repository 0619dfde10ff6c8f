import type { Raw } from '@wayfare/emulator'
import { describe, expect, test } from 'vitest'
import { earlyUsage, expectInterrupted } from './kit/interruption.ts'
import { observe } from './kit/observe.ts'
import { bodyOf, edited, eventOf, headOf, played, record } from './kit/recording.ts'
import { faces } from './kit/refusal.ts'
import { protocols, wireNamed, wires } from './kit/wires.ts'
import type { Wire } from './kit/wires.ts'

const text = 'One two three.'
const usage = { input: 12, output: 5 }
const chatWires = wires.filter((wire) => wire.protocol === 'chat')
const done = 'data: [DONE]'

describe.each(chatWires)('$name', (wire) => {
  test(`S08 ${wire.name}: a finish reason ends the answer although [DONE] is missing`, async () => {
    const events = await record(wire, { text, usage })
    expect(events.at(-1)).toBe(done)
    await expectWhole(wire, played(wire, events.slice(0, -1)), { finishReason: 'stop', usageSource: 'reported', usage })
  })

  test(`S08 ${wire.name}: without [DONE] and without usage, usage is estimated`, async () => {
    const events = await record(wire, { text, usage: 'none' })
    await expectWhole(wire, played(wire, events.slice(0, -1)), { finishReason: 'stop', usageSource: 'estimated' })
  })

  test(`S08 ${wire.name}: the connection may break once the finish reason is there`, async () => {
    const events = await record(wire, { text, usage })
    const reply: Raw = { raw: [headOf(wire), bodyOf(wire, events.slice(0, -1)), 'reset'] }
    await expectWhole(wire, reply, { finishReason: 'stop', usageSource: 'reported' })
  })

  test(`S09 ${wire.name}: [DONE] ends the answer although no finish reason came`, async () => {
    const events = await record(wire, { text, usage })
    const silent = events.map((event) => event.replace(/"finish_reason":"stop"/, '"finish_reason":null'))
    await expectWhole(wire, played(wire, silent), {
      finishReason: 'other',
      usageSource: 'reported',
      warnings: [expect.objectContaining({ code: 'finish_missing' })],
    })
  })

  test(`S10 ${wire.name}: what follows [DONE] is not looked at`, async () => {
    const events = await record(wire, { text, usage })
    const more = [eventOf(wire, '{"broken'), events[1]!, done, eventOf(wire, { error: { message: 'late' } })]
    await expectWhole(wire, played(wire, [...events, ...more]), { finishReason: 'stop', usageSource: 'reported' })
  })

  test.each(['[DONE] x', '[DONE]]', '[done]', 'DONE'])(
    `S10 ${wire.name}: a forged terminator is not one: %s`,
    async (forged) => {
      const events = await record(wire, { text, usage })
      const upTo = events.findIndex((event) => event.includes('two')) + 1
      await expectInterrupted(wire, {
        reply: played(wire, [...events.slice(0, upTo), `data: ${forged}`, ...events.slice(upTo)]),
        kind: 'protocol',
        facts: { retryable: false },
        shown: 'One two ',
        retries: 0,
        usageSource: earlyUsage(wire),
        breaker: 'nothing',
      })
    },
  )
})

test('S09 anthropic: message_stop ends the answer although no stop reason came', async () => {
  const wire = wireNamed('anthropic')
  const events = await record(wire, { text, usage })
  const silent = events.map((event) => event.replace('"stop_reason":"end_turn"', '"stop_reason":null'))
  await expectWhole(wire, played(wire, silent), {
    finishReason: 'other',
    usageSource: 'reported',
    warnings: [expect.objectContaining({ code: 'no_finish_reason' })],
  })
})

test('S09 ollama: "done" ends the answer although no reason came', async () => {
  const wire = wireNamed('ollama')
  const events = await record(wire, { text, usage })
  const silent = events.map((event) => edited(event, (json) => json.replace('"done_reason":"stop",', '')))
  await expectWhole(wire, played(wire, silent), {
    finishReason: 'other',
    usageSource: 'reported',
    warnings: [expect.objectContaining({ code: 'no_finish_reason' })],
  })
})

test('S08 google: the finish reason is all that ends an answer, and the connection may break behind it', async () => {
  const wire = wireNamed('google')
  const events = await record(wire, { text, usage })
  const reply: Raw = { raw: [headOf(wire), bodyOf(wire, events), 'reset'] }
  await expectWhole(wire, reply, { finishReason: 'stop', usageSource: 'reported' })
})

test.each(['anthropic', 'ollama'])('S10 %s: what follows the terminator is not looked at', async (name) => {
  const wire = wireNamed(name)
  const events = await record(wire, { text, usage })
  const more = [eventOf(wire, '{"broken'), events[1]!, events.at(-1)!]
  await expectWhole(wire, played(wire, [...events, ...more]), { finishReason: 'stop', usageSource: 'reported' })
})

describe.each(protocols)('$name', (wire) => {
  test.each(['', wire.format === 'sse' ? '\n' : ' '])(
    `S11 ${wire.name}: a terminator without its blank line ends the answer (%j)`,
    async (rest) => {
      const events = await record(wire, { text, usage })
      await expectWhole(wire, cutAfter(wire, events, events.length - 1, rest), {
        finishReason: 'stop',
        usageSource: 'reported',
      })
    },
  )

  test(`S11 ${wire.name}: content without its blank line is a cut stream, however whole its JSON`, async () => {
    const events = await record(wire, { text, usage })
    const at = events.findIndex((event) => event.includes('two'))
    // A line of NDJSON is whole by itself.
    const shown = wire.format === 'sse' ? 'One ' : 'One two '
    await expectInterrupted(wire, {
      reply: cutAfter(wire, events, at, ''),
      kind: 'stream_truncated',
      facts: { retryable: true },
      shown,
      usageSource: earlyUsage(wire),
      breaker: 'model',
    })
  })
})

/** The events until this one, whose end is replaced by `rest`. */
function cutAfter(wire: Wire, events: readonly string[], at: number, rest: string): Raw {
  return { raw: [headOf(wire), bodyOf(wire, events.slice(0, at)) + events[at]! + rest] }
}

/** One request, a normal end, and nothing that was not said. */
async function expectWhole(wire: Wire, reply: Raw, response: object): Promise<void> {
  for (const face of faces) {
    const seen = await observe(face, { wire, replies: [reply] })
    expect(seen.error).toBeUndefined()
    expect(seen.response).toMatchObject({ text, warnings: [], ...response })
    expect(seen.requests).toHaveLength(1)
    expect(seen.attempts).toMatchObject([{ outcome: 'ok' }])
  }
}
