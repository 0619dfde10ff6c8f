import type { RawStep } from '@wayfare/emulator'
import { startEmulator } from '@wayfare/emulator'
import { createLLM } from '@wayfare/llm'
import { describe, expect, test } from 'vitest'
import { earlyUsage, expectEnd, expectInterrupted } from './kit/interruption.ts'
import type { Interruption } from './kit/interruption.ts'
import { bodyOf, edited, headOf, record } from './kit/recording.ts'
import { long } from './kit/turns.ts'
import { providerOf, wires } from './kit/wires.ts'

const usage = { input: 12, output: 5 }
/** Millions of them are for the long run. */
const count = 20_000

describe.each(wires)('$name', (wire) => {
  test(`S12 ${wire.name}: a line without end is given up at 32 MiB`, async () => {
    const events = await record(wire, { text: 'One two three.', usage })
    const at = events.findIndex((event) => event.includes('two'))
    const [before, after] = bodyOf(wire, [events[at]!]).split('two')
    const reply: RawStep[] = [
      headOf(wire),
      bodyOf(wire, events.slice(0, at)) + before!,
      { repeat: 'x', times: 40_000_000 },
      after! + bodyOf(wire, events.slice(at + 1)),
    ]
    const endless: Interruption = {
      reply: { raw: reply },
      kind: 'response_too_large',
      facts: { retryable: false },
      shown: 'One ',
      retries: 0,
      usageSource: earlyUsage(wire),
      breaker: 'model',
    }
    // What follows is the same after every answer that is too large (H41), and seven times as many bytes take their time.
    if (long) await expectInterrupted(wire, endless)
    else await expectEnd(wire, endless)
  })

  test(`S13 ${wire.name}: ${count.toLocaleString('en')} events reach a slow reader whole and in order`, async () => {
    const events = await record(wire, { text: 'One #one three.', usage })
    const at = events.findIndex((event) => event.includes('#one '))
    const flood: string[] = []
    for (let n = 0; n < count; n++) flood.push(edited(events[at]!, (json) => json.replace('#one ', `${n} `)))
    await using emulator = await startEmulator()
    emulator.enqueue(wire.wire, {
      raw: [
        headOf(wire),
        bodyOf(wire, events.slice(0, at)),
        ...blocks(flood).map((block) => bodyOf(wire, block)),
        bodyOf(wire, events.slice(at + 1)),
      ],
    })
    const llm = createLLM({
      providers: [providerOf(wire, emulator)],
      model: { provider: wire.name, model: wire.model },
    })
    const deltas: string[] = []
    const stream = llm.stream({ messages: 'Count.' })
    for await (const event of stream) {
      if (event.type !== 'text_delta') continue
      deltas.push(event.text)
      if (deltas.length % 100 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    const expected = ['One ', ...flood.map((_, n) => `${n} `), 'three.']
    // Compared as text: a difference of arrays so long takes minutes to print.
    expect(deltas.join('|') === expected.join('|')).toBe(true)
    expect(await stream.response()).toMatchObject({ usageSource: 'reported', usage, finishReason: 'stop' })
    await llm.close()
  })
})

function blocks<T>(items: readonly T[], size = 1_000): T[][] {
  const all: T[][] = []
  for (let at = 0; at < items.length; at += size) all.push(items.slice(at, at + size))
  return all
}
