// oxlint-disable vitest/expect-expect -- expectInterrupted expects
import { describe, expect, test } from 'vitest'
import { earlyUsage, expectInterrupted } from './kit/interruption.ts'
import { ManualClock } from './kit/manual-clock.ts'
import { observe } from './kit/observe.ts'
import { headOf, record, bodyOf } from './kit/recording.ts'
import { expectBreaker, expectWaits, faces, repeat, rescuerOf } from './kit/refusal.ts'
import { onStage } from './kit/stage.ts'
import { inTurn } from './kit/turns.ts'
import { wires } from './kit/wires.ts'

const text = 'One two three four five.'
const mute = { raw: ['stall'] } as const
const long = Array.from({ length: 60 }, (_, at) => `word${at} `).join('')

describe.each(wires)('$name', (wire) => {
  test(`T01 ${wire.name}: an answer that never begins is given up after firstByteMs, and asked for again`, async () => {
    const options = { timeout: { firstByteMs: 30 } }
    const late = { kind: 'timeout', phase: 'headers', retryable: true, billed: 'unknown' } as const
    for (const face of inTurn(wire, faces)) {
      const seen = await observe(face, { wire, replies: repeat(mute, 3), options })
      expect(seen.error).toMatchObject({ ...late, provider: wire.name, model: wire.model })
      expect(seen.requests).toHaveLength(3)
      expectWaits(seen, [250, 500])
      expect(seen.shown).toBe('')
      // Nobody is paid for less than a second of silence.
      expect(seen.attempts).toMatchObject(repeat({ kind: 'timeout', billed: 'unknown', usageSource: 'none' }, 3))
      expect(seen.bookedUsd).toBe(0)
    }
    const other = rescuerOf(wire)
    // Here somebody must answer in time, on a busy machine as well.
    const patient = { timeout: { firstByteMs: 120 } }
    const seen = await observe('events', { wire, replies: repeat(mute, 3), fallback: other, options: patient })
    expect(seen.shown).toBe('Rescued whole.')
    expect(seen.requests.map((request) => request.wire)).toEqual([...repeat(wire.wire, 3), other.wire])
    await expectBreaker(wire, { reply: mute, breaker: 'model' }, options)
  })

  test.each([
    ['a stream', true, 120_000],
    ['one JSON body', false, 600_000],
  ])(
    `T01 ${wire.name}: %s is waited for as long as it should, and what it may have cost is paid`,
    async (_, stream, ms) => {
      const clock = new ManualClock()
      await onStage(
        wire,
        async ({ emulator, llm }) => {
          emulator.answer(wire.wire, () => {
            setImmediate(() => {
              clock.advance(ms - 1)
              expect(clock.timersLeft).toBeGreaterThan(0)
              clock.advance(1)
            })
            return mute
          })
          // A second attempt of that length does not fit into the call.
          const call = { messages: 'Hello?', stream, timeout: { totalMs: ms + 100 } }
          await expect(llm.complete(call)).rejects.toMatchObject({
            kind: 'timeout',
            phase: 'headers',
            attempts: [{ billed: 'unknown', usageSource: 'estimated', usage: { output: 1_000 } }],
          })
          expect(clock.now()).toBe(ms)
          expect(clock.waits).toEqual([])
          expect(emulator.requests).toHaveLength(1)
        },
        { clock },
      )
    },
  )

  const stalled = {
    kind: 'timeout',
    facts: { phase: 'idle', retryable: true },
    shown: 'One two ',
    breaker: 'model',
    options: { timeout: { idleMs: 60 } },
  } as const

  test(`T02 ${wire.name}: a stall after two words`, async () => {
    const reply = { text, fault: { after: 2, kind: 'stall' } } as const
    await expectInterrupted(wire, { ...stalled, reply, usageSource: earlyUsage(wire) })
  })

  test(`T02 ${wire.name}: a stall in the middle of an event`, async () => {
    const events = await record(wire, { text })
    const upTo = events.findIndex((event) => event.includes('two')) + 1
    const reply = {
      raw: [headOf(wire), bodyOf(wire, events.slice(0, upTo)), events[upTo]!.slice(0, 9), 'stall'],
    } as const
    await expectInterrupted(wire, { ...stalled, reply, usageSource: earlyUsage(wire) })
  })

  test(`T02 ${wire.name}: a stall in the middle of one JSON body`, async () => {
    const replies = [{ text, fault: { after: 2, kind: 'stall' } }, { text: 'Whole.' }] as const
    const call = { stream: false, timeout: { idleMs: 60 } }
    const seen = await observe('complete', { wire, replies, call })
    expect(seen.shown).toBe('Whole.')
    expect(seen.attempts).toMatchObject([{ outcome: 'failed', kind: 'timeout' }, { outcome: 'ok' }])
    expect(seen.requests).toHaveLength(2)
  })

  test(`T03 ${wire.name}: a word every ten seconds meets the deadline of a minute, and that is the end`, async () => {
    for (const face of inTurn(wire, faces)) {
      const clock = new ManualClock()
      const seen = await observe(face, {
        wire,
        replies: [{ text: long, paceMs: 1 }],
        fallback: rescuerOf(wire),
        clock,
        call: { timeout: 60_000 },
        reading: (event) => {
          if (typeof event === 'string' || event.type === 'text_delta') clock.advance(10_000)
        },
      })
      expect(seen.error).toMatchObject({ kind: 'deadline', retryable: false, provider: wire.name })
      const shown = face === 'complete' ? (seen.error?.partial?.text ?? '') : seen.shown
      expect(shown).toMatch(/^word0 word1 word2 word3 word4 word5 /)
      expect(long.startsWith(shown)).toBe(true)
      expect(seen.error?.partial?.text).toBe(shown)
      expect(seen.requests.map((request) => request.wire)).toEqual([wire.wire])
      expect(seen.waits).toEqual([])
      expect(seen.events.some(({ type }) => type === 'reset')).toBe(false)
      expect(seen.attempts).toMatchObject([{ outcome: 'failed', kind: 'deadline', usageSource: earlyUsage(wire) }])
      expect(seen.attempts[0]?.usage.input).toBeGreaterThan(0)
      expect(seen.attempts[0]?.usage.output).toBeGreaterThan(20)
    }
  })

  test(`T03 ${wire.name}: deadlines say nothing about a target`, async () => {
    const clock = new ManualClock()
    await onStage(
      wire,
      async ({ emulator, llm }) => {
        let opened = 0
        llm.on('breaker', () => opened++)
        emulator.answer(wire.wire, () => ({ text, fault: { after: 1, kind: 'stall' } }))
        for (let call = 0; call < 8; call++) {
          const onEvent = ({ type }: { type: string }): void => {
            if (type === 'text_delta') clock.advance(60_000)
          }
          await expect(llm.complete({ messages: 'Hello?', timeout: 60_000, onEvent })).rejects.toMatchObject({
            kind: 'deadline',
          })
        }
        expect(emulator.requests).toHaveLength(8)
        expect(opened).toBe(0)
      },
      { clock },
    )
  })

  test.each([
    ['a failing server', { error: 'server' }, 'server', 200],
    ['a server that asks for more time', { error: 'rate_limit', retryAfter: '30' }, 'rate_limit', 20_000],
  ] as const)(
    `T04 ${wire.name}: nobody sleeps past the deadline after %s, and its error is told`,
    async (_, reply, kind, totalMs) => {
      for (const face of inTurn(wire, faces)) {
        const clock = new ManualClock()
        const seen = await observe(face, { wire, replies: [reply], clock, call: { timeout: { totalMs } } })
        expect(seen.error).toMatchObject({ kind, provider: wire.name })
        expect(seen.waits).toEqual([])
        expect(clock.now()).toBe(0)
        expect(seen.requests).toHaveLength(1)
        expect(seen.bookedUsd).toBe(0)
      }
      const other = rescuerOf(wire)
      const clock = new ManualClock()
      const call = { timeout: { totalMs } }
      const seen = await observe('events', { wire, replies: [reply], fallback: other, clock, call })
      expect(seen.shown).toBe('Rescued whole.')
      expect(seen.waits).toEqual([])
      expect(seen.requests.map((request) => request.wire)).toEqual([wire.wire, other.wire])
    },
  )
})
