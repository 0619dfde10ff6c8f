import type { Socket } from 'node:net'
import { CostTracker } from '@wayfare/cost'
import { PriceRegistry } from '@wayfare/llm'
import type { ChatEvent } from '@wayfare/llm'
import { describe, expect, test } from 'vitest'
import { front } from './kit/front.ts'
import { ManualClock } from './kit/manual-clock.ts'
import { observe } from './kit/observe.ts'
import { bodyOf, headOf, record } from './kit/recording.ts'
import { faces } from './kit/refusal.ts'
import { ClientSockets } from './kit/sockets.ts'
import { onStage } from './kit/stage.ts'
import { at, rerouted } from './kit/unreachable.ts'
import { wires } from './kit/wires.ts'
import type { Wire } from './kit/wires.ts'

const text = 'One two three four five.'
const hour = 3_600_000
const stall = { text, fault: { after: 2, kind: 'stall' } } as const

describe.each(wires)('$name', (wire) => {
  test.each([
    ['back', -hour],
    ['ahead', hour],
  ])(
    `T09 ${wire.name}: a wall clock that is set %s by an hour during a call disturbs nothing (injected)`,
    async (_, ms) => {
      for (const face of faces) {
        // An hour in either direction is another day.
        const clock = new ManualClock(new Date(ms < 0 ? '2026-03-10T00:30:00Z' : '2026-03-10T23:30:00Z'))
        const started = clock.date().getTime()
        const prices = new PriceRegistry({ entries: [], fallbackRate: { input: 1, output: 4 } })
        const costs = new CostTracker({ limits: { global: { hard: 1, window: 'day' } }, pricing: prices, clock })
        let jumped = false
        const seen = await observe(face, {
          wire,
          replies: [{ text, paceMs: 1 }],
          clock,
          options: { limits: undefined, costs, prices, timeout: 60_000 },
          reading: (event) => {
            if (jumped || textOf(event) === undefined) return
            jumped = true
            clock.setWall(ms)
          },
        })
        expect(jumped).toBe(true)
        expect(seen.shown).toBe(text)
        expect(seen.attempts).toMatchObject([{ outcome: 'ok', startedAt: started, totalMs: 0 }])
        expect(seen.requests).toHaveLength(1)
        expect(seen.waits).toEqual([])
        // It belongs to the day on which it was reserved.
        const { rows } = await costs.report({ by: ['day'] })
        expect(rows.map(({ day }) => day)).toEqual(['2026-03-10'])
      }
    },
  )

  test(`T10 ${wire.name}: bytes that came while the event loop was blocked for 5 s are read before any timer fires (injected)`, async () => {
    const { before, after } = await halves(wire)
    const clock = new ManualClock()
    let socket: Socket | undefined
    await using server = await front((accepted) => {
      socket = accepted
      accepted.on('data', () => undefined)
      accepted.once('data', () => accepted.write(headOf(wire) + before))
    })
    let blocked = 0
    const seen = await observe('events', {
      wire: rerouted(wire, at(`http://127.0.0.1:${server.port}`)),
      replies: [],
      clock,
      options: { timeout: { idleMs: 3_000, progressMs: 4_000 } },
      reading: (event) => {
        if (textOf(event) !== 'two ') return
        // The reader waits by then; and when the kernel has the rest, nobody has read it yet.
        setImmediate(() =>
          socket?.end(after, () => {
            blocked = clock.timersLeft
            clock.block(5_000)
          }),
        )
      },
    })
    expect(blocked).toBeGreaterThan(1)
    expect(seen.error).toBeUndefined()
    expect(seen.shown).toBe(text)
    expect(seen.attempts).toMatchObject([{ outcome: 'ok', billed: 'yes', totalMs: 5_000 }])
    expect(server.connections).toBe(1)
  })

  test(`T10 ${wire.name}: so is an answer that began meanwhile (injected)`, async () => {
    const { before, after } = await halves(wire)
    const clock = new ManualClock()
    await using server = await front((socket) => {
      socket.on('data', () => undefined)
      socket.once('data', () => socket.end(headOf(wire) + before + after, () => clock.block(5_000)))
    })
    const seen = await observe('events', {
      wire: rerouted(wire, at(`http://127.0.0.1:${server.port}`)),
      replies: [],
      clock,
      options: { timeout: { firstByteMs: 3_000, firstChunkMs: 3_000 } },
    })
    expect(seen.shown).toBe(text)
    expect(seen.attempts).toMatchObject([{ outcome: 'ok', totalMs: 5_000 }])
    expect(server.connections).toBe(1)
  })

  test.each<readonly [string, (clock: ManualClock) => void, 'stall' | 'reset', object]>([
    ['went on', (clock) => clock.block(hour), 'stall', { outcome: 'failed', kind: 'timeout' }],
    ['stood still', (clock) => clock.setWall(hour), 'reset', { outcome: 'failed', kind: 'stream_truncated' }],
  ])(
    `T11 ${wire.name}: calls of a process that slept for an hour, whose steady clock %s, ask again and blame nobody (injected)`,
    async (_, sleep, end, line) => {
      const { before } = await halves(wire)
      const gone = { raw: [headOf(wire), before, { waitMs: 100 }, end] } as const
      const clock = new ManualClock()
      await onStage(
        wire,
        async ({ emulator, llm }) => {
          const calls = 8
          let opened = 0
          llm.on('breaker', () => opened++)
          emulator.answer(wire.wire, () => (emulator.requests.length <= calls ? gone : { text: 'Awake.' }))
          let waiting = 0
          const ask = async (): Promise<void> => {
            let resets = 0
            const onEvent = (event: ChatEvent): void => {
              if (event.type === 'reset') resets++
              if (textOf(event) !== 'two ') return
              waiting++
              // A connection that is reset may not wait for the last one.
              if (waiting === (end === 'stall' ? calls : 1)) setImmediate(() => sleep(clock))
            }
            const { text: shown, attempts } = await llm.complete({ messages: 'Hello?', onEvent, timeout: 10 * hour })
            expect(shown).toBe('Awake.')
            expect(attempts).toMatchObject([line, { outcome: 'ok' }])
            expect(attempts[0]?.usage.input).toBeGreaterThan(0)
            expect(attempts[0]?.usage.output).toBeGreaterThan(20)
            expect(resets).toBe(1)
          }
          await Promise.all(Array.from({ length: calls }, ask))
          expect(waiting).toBe(calls)
          expect(opened).toBe(0)
          expect(emulator.requests).toHaveLength(2 * calls)
        },
        { clock },
      )
    },
  )

  test(`T11 ${wire.name}: a call whose deadline passed in sleep is over (injected)`, async () => {
    for (const face of faces) {
      const clock = new ManualClock()
      const seen = await observe(face, {
        wire,
        replies: [stall],
        clock,
        reading: (event) => {
          if (textOf(event) === 'two ') setImmediate(() => clock.block(hour))
        },
      })
      expect(seen.error).toMatchObject({ kind: 'deadline', partial: { text: 'One two ' } })
      expect(seen.requests).toHaveLength(1)
    }
  })

  test(`T11 ${wire.name}: a connection that was kept through the sleep is not used again (injected)`, async () => {
    const clock = new ManualClock()
    await onStage(
      wire,
      async ({ emulator, llm }) => {
        using sockets = new ClientSockets()
        await llm.complete({ messages: 'Hello?' })
        await llm.complete({ messages: 'Hello?' })
        expect(sockets.opened).toBe(1)
        clock.setWall(hour)
        const { attempts } = await llm.complete({ messages: 'Hello?' })
        expect([sockets.opened, sockets.open]).toEqual([2, 1])
        expect(attempts).toMatchObject([{ outcome: 'ok' }])
        expect(emulator.requests).toHaveLength(3)
      },
      { clock },
    )
  })
})

/** An answer in two parts: up to its second word, and the rest. */
async function halves(wire: Wire): Promise<{ before: string; after: string }> {
  const events = await record(wire, { text })
  const upTo = events.findIndex((event) => event.includes('two')) + 1
  return { before: bodyOf(wire, events.slice(0, upTo)), after: bodyOf(wire, events.slice(upTo)) }
}

/** What a reader has just got to show. */
function textOf(seen: ChatEvent | string): string | undefined {
  if (typeof seen === 'string') return seen
  return seen.type === 'text_delta' ? seen.text : undefined
}
