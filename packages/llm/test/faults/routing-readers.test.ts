import type { Attempt, ChatEvent, LLM } from '@wayfare/llm'
import { describe, expect, test } from 'vitest'
import { collect, collectUntil } from '../../../core/test/kit/collector.ts'
import { earlyUsage } from './kit/interruption.ts'
import { rescuerOf } from './kit/refusal.ts'
import { ClientSockets } from './kit/sockets.ts'
import { onStage } from './kit/stage.ts'
import { providerOf, wires } from './kit/wires.ts'
import type { Wire } from './kit/wires.ts'

/** The second word is the last that comes. */
const endless = { text: 'One two three four five.', fault: { after: 2, kind: 'stall' } } as const
const own = new Error('my own')

/** Readers that throw what is theirs at the second word. */
const throwers: readonly [what: string, read: (llm: LLM) => Promise<unknown>][] = [
  ['a callback', (llm) => llm.complete({ messages: 'Hello?', onEvent: throwAtTwo })],
  [
    'a loop over the events',
    async (llm) => {
      for await (const event of llm.stream({ messages: 'Hello?' })) throwAtTwo(event)
    },
  ],
  [
    'a loop over the text',
    async (llm) => {
      for await (const text of llm.stream({ messages: 'Hello?' }).textStream) throwAtTwo({ type: 'text_delta', text })
    },
  ],
]

/** Readers that take two words and let go, each in a function of its own, so that no frame here holds a stream. */
const droppers: readonly [what: string, take: (llm: LLM) => Promise<void>][] = [
  [
    'the events',
    async (llm) => {
      const reader = llm.stream({ messages: 'Hello?' })[Symbol.asyncIterator]()
      let shown = ''
      while (shown !== 'One two ') {
        const { value } = await reader.next()
        if (value?.type === 'text_delta') shown += value.text
      }
    },
  ],
  [
    'the text',
    async (llm) => {
      const reader = llm.stream({ messages: 'Hello?' }).textStream[Symbol.asyncIterator]()
      while ((await reader.next()).value !== 'two ');
    },
  ],
  [
    'a loop that hangs',
    async (llm) => {
      await new Promise<void>((reached) => void hang(llm, reached))
    },
  ],
]

describe.each(wires)('$name', (wire) => {
  test.each(throwers)(
    `R08 ${wire.name}: what %s throws comes out unchanged, and the upstream is closed`,
    async (_, read) => {
      await onStage(wire, async ({ emulator, llm, clock }) => {
        const other = rescuerOf(wire)
        llm.register(providerOf(other, emulator))
        llm.setFallbacks([`${other.name}/${other.model}`])
        const lines = linesOf(llm)
        emulator.enqueue(wire.wire, endless)
        using sockets = new ClientSockets()
        await expect(read(llm)).rejects.toBe(own)
        expect(sockets.open).toBe(0)
        // Neither a second try nor another target.
        expect(emulator.requests.map((request) => request.wire)).toEqual([wire.wire])
        expect(clock.waits).toEqual([])
        while (emulator.openSockets > 0) await new Promise((resolve) => setImmediate(resolve))
        expect(emulator.requests[0]?.closedEarly).toBe(true)
        await expectReceivedPaid(wire, llm, lines)
        expect(llm.plan({ messages: 'Hello?' }).skipped).toEqual([])
      })
    },
  )

  test(`R08 ${wire.name}: a listener that throws disturbs no call`, async () => {
    await onStage(wire, async ({ emulator, llm }) => {
      const told: string[] = []
      for (const name of ['attempt', 'retry', 'breaker'] as const) {
        llm.on(name, () => {
          told.push(name)
          throw own
        })
      }
      emulator.enqueue(wire.wire, { error: 'server' }, { text: 'Hi.' })
      expect((await llm.complete({ messages: 'Hello?' })).text).toBe('Hi.')
      expect(told).toEqual(['attempt', 'retry', 'attempt'])
    })
  })

  test.each(droppers)(
    `R09 ${wire.name}: a reader of %s that is dropped is cleared away with the garbage`,
    async (_, take) => {
      await onStage(wire, async ({ emulator, llm, clock }) => {
        const lines = linesOf(llm)
        emulator.enqueue(wire.wire, endless)
        using sockets = new ClientSockets()
        await take(llm)
        expect(sockets.open).toBe(1)
        expect((await llm.costs.global()).pendingUsd > 0).toBe(wire.name !== 'ollama')
        await collectUntil(() => lines.length > 0 && emulator.openSockets === 0)
        expect(sockets.open).toBe(0)
        expect(emulator.requests).toMatchObject([{ closedEarly: true }])
        expect(clock.timersLeft).toBe(0)
        await expectReceivedPaid(wire, llm, lines)
      })
    },
  )

  test(`R09 ${wire.name}: one that is dropped before its first pull never began`, async () => {
    await onStage(wire, async ({ emulator, llm }) => {
      llm.stream({ messages: 'Hello?' })[Symbol.asyncIterator]()
      await collect()
      expect(emulator.requests).toEqual([])
      expect(await llm.costs.global()).toMatchObject({ attempts: 0, pendingUsd: 0 })
    })
  })

  test(`R09 ${wire.name}: one that is held, however idle, goes on`, async () => {
    await onStage(wire, async ({ emulator, llm }) => {
      emulator.enqueue(wire.wire, { text: 'One two three.', paceMs: 1 })
      const reader = llm.stream({ messages: 'Hello?' }).textStream[Symbol.asyncIterator]()
      let shown = (await reader.next()).value ?? ''
      await collect()
      for (let next = await reader.next(); !next.done; next = await reader.next()) shown += next.value
      expect(shown).toBe('One two three.')
    })
  })
})

function throwAtTwo(event: ChatEvent): void {
  if (event.type === 'text_delta' && event.text === 'two ') throw own
}

async function hang(llm: LLM, reached: () => void): Promise<void> {
  for await (const text of llm.stream({ messages: 'Hello?' }).textStream) {
    if (text !== 'two ') continue
    reached()
    await new Promise(() => {})
  }
}

function linesOf(llm: LLM): readonly Attempt[] {
  const lines: Attempt[] = []
  llm.on('attempt', (line) => lines.push(line))
  return lines
}

/** The one line of the bill: what was read, and what had been written by then or may still be. */
async function expectReceivedPaid(wire: Wire, llm: LLM, lines: readonly Attempt[]): Promise<void> {
  expect(lines).toMatchObject([{ outcome: 'cancelled', kind: 'cancelled', billed: 'yes' }])
  const { usage, usageSource, costUsd = 0 } = lines[0]!
  // Who writes on when nobody reads is paid for all that was asked: a hard limit stands behind this call.
  const runsOn = ['google', 'openrouter', 'openai-compatible'].includes(wire.name)
  expect(usageSource).toBe(runsOn ? 'worst_case' : earlyUsage(wire))
  expect(usage.input).toBeGreaterThan(0)
  expect(usage.output).toBeGreaterThan(20)
  if (wire.name !== 'ollama') expect(costUsd).toBeGreaterThan(0)
  expect(await llm.costs.global()).toMatchObject({ costUsd, pendingUsd: 0, attempts: 1 })
}
