// oxlint-disable vitest/expect-expect -- expectInterrupted expects
import { describe, expect, test } from 'vitest'
import type { Attempt } from '@wayfare/llm'
import { HastyClock } from './kit/clock.ts'
import { earlyUsage, expectInterrupted } from './kit/interruption.ts'
import { observe } from './kit/observe.ts'
import { bodyOf, headOf, played, record } from './kit/recording.ts'
import { expectBreaker, expectWaits, faces, repeat, rescuerOf } from './kit/refusal.ts'
import { ClientSockets } from './kit/sockets.ts'
import { onStage } from './kit/stage.ts'
import { inTurn, long } from './kit/turns.ts'
import { wires } from './kit/wires.ts'
import type { Wire } from './kit/wires.ts'

const text = 'One two three four five.'
const reset = { raw: ['reset'] } as const

describe.each(wires)('$name', (wire) => {
  const bodies = long || wire === wires[0] ? 100 : 30

  test.each([
    ['resets', reset],
    ['closes', { raw: ['end'] }],
  ] as const)(
    `N05 ${wire.name}: a kept connection that the server %s as it is used again is replaced once, unseen`,
    async (_, stale) => {
      await onStage(wire, async ({ emulator, llm, clock }) => {
        let noticed = 0
        const lines: Attempt[] = []
        llm.on('attempt', (line) => lines.push(line))
        for (const event of ['retry', 'breaker'] as const) llm.on(event, () => noticed++)
        // More often than a breaker would bear.
        for (let call = 0; call < 6; call++) {
          emulator.reset()
          emulator.enqueue(wire.wire, ...(call === 0 ? [] : [stale]), { text: 'Here.' })
          const seen: string[] = []
          const { text: shown, attempts } = await llm.complete({
            messages: 'Hello?',
            onEvent: ({ type }) => seen.push(type),
          })
          expect(shown).toBe('Here.')
          expect(emulator.requests).toHaveLength(call === 0 ? 1 : 2)
          expect(seen.filter((type) => type.startsWith('attempt'))).toEqual(['attempt_start'])
          expect(attempts).toMatchObject([{ outcome: 'ok' }])
        }
        expect(clock.waits).toEqual([])
        expect(noticed).toBe(0)
        // Nothing of what was sent in vain.
        expect(lines).toHaveLength(6)
        const nano = lines.reduce((sum, { costUsd = 0 }) => sum + Math.round(costUsd * 1e9), 0)
        expect((await llm.costs.global()).costUsd).toBe(nano / 1e9)
      })
    },
  )

  test(`N05 ${wire.name}: what replaces a dead connection is not replaced itself`, async () => {
    await onStage(wire, async ({ emulator, llm, clock }) => {
      await llm.complete({ messages: 'Hello?' })
      emulator.reset()
      emulator.enqueue(wire.wire, reset, reset, { text: 'At last.' })
      const { text: shown, attempts } = await llm.complete({ messages: 'Hello?' })
      expect(shown).toBe('At last.')
      expect(emulator.requests).toHaveLength(3)
      expect(attempts).toMatchObject([
        { outcome: 'failed', kind: 'network', billed: 'unknown', costUsd: 0 },
        { outcome: 'ok' },
      ])
      expect(clock.waits).toEqual([250])
    })
  })

  const silent = { kind: 'network', phase: 'headers', retryable: true, billed: 'unknown' } as const

  test(`N06 ${wire.name}: a connection reset before any answer costs nothing when it is quick`, async () => {
    for (const face of inTurn(wire, faces)) {
      const seen = await observe(face, { wire, replies: repeat(reset, 3) })
      expect(seen.error).toMatchObject({ ...silent, provider: wire.name, model: wire.model })
      expect(seen.requests).toHaveLength(3)
      expectWaits(seen, [250, 500])
      expect(seen.shown).toBe('')
      expect(seen.attempts).toMatchObject(
        repeat({ outcome: 'failed', billed: 'unknown', usageSource: 'none', costUsd: 0 }, 3),
      )
      expect(seen.bookedUsd).toBe(0)
    }
    await expectBreaker(wire, { reply: reset, breaker: 'model' })
  })

  test(`N06 ${wire.name}: another target answers after three of them`, async () => {
    const other = rescuerOf(wire)
    const seen = await observe('events', { wire, replies: repeat(reset, 3), fallback: other })
    expect(seen.shown).toBe('Rescued whole.')
    expect(seen.requests.map((request) => request.wire)).toEqual([...repeat(wire.wire, 3), other.wire])
  })

  test.each([
    [2_500, 250],
    [60_000, 1_000],
  ])(`N06 ${wire.name}: after %d ms it may have written %d tokens, and they are paid for`, async (ms, output) => {
    const clock = new HastyClock()
    const seen = await observe('events', { wire: slowed(wire, clock, ms), replies: [reset, { text: 'Hi.' }], clock })
    expect(seen.shown).toBe('Hi.')
    const [first] = seen.attempts
    expect(first).toMatchObject({ kind: 'network', billed: 'unknown', usageSource: 'estimated' })
    expect(first?.usage.input).toBeGreaterThan(0)
    // The clock goes on by itself a little.
    expect(Math.floor((first?.usage.output ?? 0) / 100) * 100).toBe(Math.floor(output / 100) * 100)
    expect(first?.usage.output).toBeLessThanOrEqual(1_000)
    if (wire.name !== 'ollama') expect(first?.costUsd).toBeGreaterThanOrEqual((4 * output) / 1e6)
  })

  const broken = {
    kind: 'stream_truncated',
    facts: { retryable: true },
    shown: 'One two ',
    breaker: 'model',
  } as const

  test(`N07 ${wire.name}: a reset in the middle of the answer`, async () => {
    const reply = { text, fault: { after: 2, kind: 'reset' } } as const
    await expectInterrupted(wire, { ...broken, reply, usageSource: earlyUsage(wire) })
  })

  test(`N07 ${wire.name}: a body that breaks off in the middle of an event`, async () => {
    const reply = { text, fault: { after: 2, kind: 'cut' } } as const
    await expectInterrupted(wire, { ...broken, reply, usageSource: earlyUsage(wire) })
  })

  test(`N08 ${wire.name}: an answer that ends in good order without its terminator`, async () => {
    const reply = { text, fault: { after: 2, kind: 'end' } } as const
    await expectInterrupted(wire, { ...broken, reply, usageSource: earlyUsage(wire) })
  })

  test(`N09 ${wire.name}: a body shorter than its Content-Length`, async () => {
    const body = bodyOf(wire, await beginning(wire))
    const head = announcing(wire, Buffer.byteLength(body) + 1_000)
    const reply = { raw: [head, body, 'end'] } as const
    await expectInterrupted(wire, { ...broken, reply, usageSource: earlyUsage(wire) })
  })

  test(`N09 ${wire.name}: no body at all where one was announced`, async () => {
    const reply = { raw: [announcing(wire, 1_000), 'end'] } as const
    await expectInterrupted(wire, { ...broken, reply, shown: '', usageSource: 'none' })
  })

  test(`N10 ${wire.name}: a body that ends with its connection, in the middle`, async () => {
    const reply = played(wire, await beginning(wire))
    await expectInterrupted(wire, { ...broken, reply, usageSource: earlyUsage(wire) })
  })

  test(`N13 ${wire.name}: a half-open socket that brings nothing any more`, async () => {
    await expectInterrupted(wire, {
      ...broken,
      reply: { text, fault: { after: 2, kind: 'stall' } },
      kind: 'timeout',
      facts: { phase: 'idle', retryable: true },
      usageSource: earlyUsage(wire),
      options: { timeout: { idleMs: 60 } },
    })
  })

  test.each([
    ['short', 'No.'],
    ['longer than anybody reads', 'No. '.repeat(20_000)],
  ])(`N14 ${wire.name}: ${bodies} error bodies, %s, leave no more than two sockets open`, async (_, body) => {
    await onStage(wire, async ({ emulator, llm }) => {
      emulator.answer(wire.wire, () => ({ status: 400, error: { body, contentType: 'text/plain' } }))
      using sockets = new ClientSockets()
      let most = 0
      for (let call = 0; call < bodies; call++) {
        await expect(llm.complete({ messages: 'Hello?' })).rejects.toMatchObject({ kind: 'bad_request', status: 400 })
        most = Math.max(most, sockets.open)
      }
      expect(emulator.requests).toHaveLength(bodies)
      expect(sockets.opened).toBeGreaterThan(0)
      expect(most).toBeLessThanOrEqual(2)
      expect((await llm.costs.global()).costUsd).toBe(0)
    })
  })
})

/** The same wire, whose requests take so long to be sent. */
function slowed(wire: Wire, clock: HastyClock, ms: number): Wire {
  return {
    ...wire,
    make: (options) => {
      const provider = wire.make(options)
      return {
        ...provider,
        async *chat(request) {
          clock.skip(ms)
          yield* provider.chat(request)
        },
      }
    },
  }
}

/** The head of an answer whose body has so many bytes. */
function announcing(wire: Wire, length: number): string {
  return headOf(wire).replace('connection: close', `content-length: ${length}`)
}

/** The events of an answer up to its second word. */
async function beginning(wire: Wire): Promise<string[]> {
  const events = await record(wire, { text })
  return events.slice(0, events.findIndex((event) => event.includes('two')) + 1)
}
