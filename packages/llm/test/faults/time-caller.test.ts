// oxlint-disable vitest/expect-expect -- expectCancelled expects
import { getEventListeners } from 'node:events'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { LLMError, Router } from '@wayfare/llm'
import type { Attempt, ChatEvent, LLM, Provider } from '@wayfare/llm'
import { earlyUsage } from './kit/interruption.ts'
import { ManualClock } from './kit/manual-clock.ts'
import { observe } from './kit/observe.ts'
import { faces, rescuerOf } from './kit/refusal.ts'
import { ClientSockets } from './kit/sockets.ts'
import { onStage } from './kit/stage.ts'
import { wires } from './kit/wires.ts'
import type { Wire } from './kit/wires.ts'

const text = 'One two three four five.'
/** The second word is the last that comes. */
const endless = { text, fault: { after: 2, kind: 'stall' } } as const

describe.each(wires)('$name', (wire) => {
  test(`T05 ${wire.name}: a call that is cancelled before it begins sends nothing and opens nothing`, async () => {
    using sockets = new ClientSockets()
    for (const face of faces) {
      const call = { signal: AbortSignal.abort(new Error('not now')) }
      const seen = await observe(face, { wire, replies: [], fallback: rescuerOf(wire), call })
      expect(seen.error).toMatchObject({ kind: 'cancelled', retryable: false, billed: 'no', attempts: [], costUsd: 0 })
      expect(seen.events).toEqual([])
      expect(seen.requests).toEqual([])
      expect(seen.bookedUsd).toBe(0)
    }
    expect(sockets.opened).toBe(0)
  })

  test(`T06 ${wire.name}: a call that is cancelled while it waits for its next attempt ends at once`, async () => {
    for (const face of faces) {
      const clock = new ManualClock()
      const controller = new AbortController()
      clock.asleep = () => controller.abort()
      const seen = await observe(face, {
        wire,
        replies: [{ error: 'server' }],
        clock,
        call: { signal: controller.signal },
      })
      expect(seen.waits).toEqual([250])
      expect(clock.now()).toBe(0)
      expect(seen.error).toMatchObject({ kind: 'cancelled', retryable: false, costUsd: 0 })
      expect(seen.requests).toHaveLength(1)
      expect(seen.attempts).toMatchObject([{ kind: 'server', billed: 'no', costUsd: 0 }])
      expect(seen.bookedUsd).toBe(0)
      expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
    }
  })

  test(`T07 ${wire.name}: breaking the loop closes the socket before the loop is left`, async () => {
    await expectCancelled(wire, async ({ llm, sockets }) => {
      const stream = llm.stream({ messages: 'Hello?' })
      let shown = ''
      for await (const event of stream) {
        if (event.type === 'text_delta') shown += event.text
        if (shown === 'One two ') break
      }
      expect(sockets.open).toBe(0)
      await expect(stream.response()).rejects.toMatchObject({ kind: 'cancelled', partial: { text: 'One two ' } })
    })
  })

  test(`T07 ${wire.name}: so does breaking the loop over the text`, async () => {
    await expectCancelled(wire, async ({ llm, sockets }) => {
      let shown = ''
      for await (const piece of llm.stream({ messages: 'Hello?' }).textStream) {
        shown += piece
        if (shown === 'One two ') break
      }
      expect(sockets.open).toBe(0)
    })
  })

  test(`T07 ${wire.name}: a signal ends the loop with an error, and the socket is closed by then`, async () => {
    await expectCancelled(wire, async ({ llm, sockets }) => {
      const controller = new AbortController()
      const iterator = llm.stream({ messages: 'Hello?', signal: controller.signal })[Symbol.asyncIterator]()
      let shown = ''
      const read = async (): Promise<void> => {
        for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
          if (next.value.type === 'text_delta') shown += next.value.text
          if (shown === 'One two ') setImmediate(() => controller.abort())
        }
      }
      await expect(read()).rejects.toMatchObject({ kind: 'cancelled', partial: { text: 'One two ' } })
      expect(sockets.open).toBe(0)
      expect(await iterator.next()).toEqual({ done: true, value: undefined })
    })
  })

  test(`T07 ${wire.name}: so does the end of the block that uses the stream`, async () => {
    await expectCancelled(wire, async ({ llm, sockets }) => {
      {
        await using stream = llm.stream({ messages: 'Hello?' })
        const iterator = stream.textStream[Symbol.asyncIterator]()
        while ((await iterator.next()).value !== 'two ');
      }
      expect(sockets.open).toBe(0)
    })
  })

  test(`T07 ${wire.name}: a signal ends a call that is awaited whole`, async () => {
    await expectCancelled(wire, async ({ llm, sockets }) => {
      const controller = new AbortController()
      const { signal } = controller
      const onEvent = (event: ChatEvent): void => {
        if (event.type === 'text_delta' && event.text === 'two ') controller.abort()
      }
      await expect(llm.complete({ messages: 'Hello?', signal, onEvent })).rejects.toMatchObject({ kind: 'cancelled' })
      expect(sockets.open).toBe(0)
      expect(getEventListeners(signal, 'abort')).toHaveLength(0)
    })
  })

  test(`T08 ${wire.name}: a signal that comes after the end changes nothing`, async () => {
    for (const face of faces.filter((name) => name !== 'text')) {
      const controller = new AbortController()
      const seen = await observe(face, {
        wire,
        replies: [{ text }],
        call: { signal: controller.signal },
        reading: (event) => {
          if (typeof event !== 'string' && event.type === 'finish') controller.abort()
        },
      })
      expect(controller.signal.aborted).toBe(true)
      expect(seen.response).toMatchObject({ text, attempts: [{ outcome: 'ok', billed: 'yes' }] })
      expect(seen.bookedUsd).toBe(seen.costUsd)
    }
  })

  test(`T08 ${wire.name}: a signal that comes between the bill and the last event changes nothing either`, async () => {
    await onStage(wire, async ({ emulator, llm }) => {
      for (const face of faces) {
        const controller = new AbortController()
        const off = llm.on('attempt', () => controller.abort())
        emulator.enqueue(wire.wire, { text })
        const call = { messages: 'Hello?', signal: controller.signal }
        const ends: string[] = []
        if (face === 'complete') expect(await llm.complete(call)).toMatchObject({ text })
        else {
          const stream = llm.stream(call)
          if (face === 'text') for await (const _ of stream.textStream);
          else for await (const { type } of stream) if (type === 'finish') ends.push(type)
          expect(await stream.response()).toMatchObject({ text })
        }
        expect(ends).toHaveLength(face === 'events' ? 1 : 0)
        expect(controller.signal.aborted).toBe(true)
        off()
      }
    })
  })

  test(`T12 ${wire.name}: one signal for many calls keeps no listener`, async () => {
    await onStage(wire, async ({ emulator, llm }) => {
      const { signal } = new AbortController()
      const replies = [{ text: 'Hi.' }, { error: 'bad_request' }] as const
      let at = 0
      emulator.answer(wire.wire, () => replies[at++ % replies.length])
      for (let call = 0; call < 30; call++) {
        await llm.complete({ messages: 'Hello?', signal, fallbacks: [] }).catch(kindOf)
        expect(getEventListeners(signal, 'abort')).toHaveLength(0)
      }
      expect(at).toBe(30)
    })
  })
})

/** What a signal of a whole server's life must bear. */
/** The row's number in the long run; a tenth of it shows the same. */
const lifetime = process.env['WAYFARE_LONG'] === undefined ? 10_000 : 100_000

test(`T12 core: one signal for ${lifetime.toLocaleString('en')} calls keeps no listener and no memory`, async () => {
  const hello: Provider = {
    name: 'hello',
    async *chat() {
      yield [
        { type: 'text_delta', text: 'Hi.' },
        { type: 'usage', usage: { input: 1, output: 1 } },
        { type: 'finish', reason: 'stop' },
      ]
    },
  }
  const router = new Router({ providers: [hello], model: 'hello/m' })
  const { signal } = new AbortController()
  const call = async (times: number): Promise<void> => {
    for (let done = 0; done < times; done++) await router.complete({ messages: 'Hello?', signal })
  }
  await call(lifetime / 5)
  const before = heapUsed()
  await call((lifetime * 4) / 5)
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  // A listener for each call would be many times as much.
  expect(heapUsed() - before).toBeLessThan(40 * lifetime)
  await router.close()
}, 120_000)

type Leaving = (stage: { readonly llm: LLM; readonly sockets: ClientSockets }) => Promise<void>

/** Leaves an answer after two words; then the server must have noticed, and the bill must hold what was read and written. */
async function expectCancelled(wire: Wire, leave: Leaving): Promise<void> {
  await onStage(wire, async ({ emulator, llm }) => {
    const lines: Attempt[] = []
    llm.on('attempt', (line) => lines.push(line))
    emulator.enqueue(wire.wire, endless)
    using sockets = new ClientSockets()
    await leave({ llm, sockets })
    expect(sockets.opened).toBe(1)
    expect(emulator.requests).toHaveLength(1)
    while (emulator.openSockets > 0) await new Promise((resolve) => setImmediate(resolve))
    expect(emulator.requests[0]?.closedEarly).toBe(true)
    expect(lines).toMatchObject([{ outcome: 'cancelled', kind: 'cancelled', billed: 'yes' }])
    const { usage, usageSource, costUsd = 0 } = lines[0]!
    expect(usage.input).toBeGreaterThan(0)
    // A vendor that writes on when nobody reads, or may do so, is paid for all that it may write: a hard limit stands behind this call.
    const runsOn = ['google', 'openrouter', 'openai-compatible'].includes(wire.name)
    expect(usageSource).toBe(runsOn ? 'worst_case' : earlyUsage(wire))
    if (runsOn) expect(usage.output).toBe(1_000)
    else expect(usage.output).toBeGreaterThan(20)
    if (wire.name !== 'ollama') expect(costUsd).toBeGreaterThan(0)
    expect((await llm.costs.global()).costUsd).toBe(costUsd)
  })
}

function kindOf(error: unknown): unknown {
  return LLMError.is(error) ? error.kind : error
}

/** After a full collection. */
function heapUsed(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void // what the flag adds
  collect()
  return process.memoryUsage().heapUsed
}
