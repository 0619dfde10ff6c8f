import { PriceRegistry } from '@wayfare/llm'
import { startEmulator } from '@wayfare/emulator'
import type { Reply } from '@wayfare/emulator'
import { createLLM } from '@wayfare/llm'
import { describe, expect, test } from 'vitest'
import { counting, figures } from './kit/figures.ts'
import { observe } from './kit/observe.ts'
import { edited, eventOf, played, record } from './kit/recording.ts'
import { faces } from './kit/refusal.ts'
import { inTurn } from './kit/turns.ts'
import { protocols, providerOf, wireNamed, wires } from './kit/wires.ts'
import type { Wire } from './kit/wires.ts'

const text = 'One two three.'
const chatWires = wires.filter((wire) => wire.protocol === 'chat')

describe.each(protocols)('$name', (wire) => {
  test.each<[json: string, input: number, problem: RegExp]>([
    ['-5', 0, /not a token count/],
    ['"NaN"', 0, /not a token count/],
    ['"12"', 0, /not a token count/],
    ['1e15', 0, /not a token count/],
    ['1e400', 0, /not a token count/],
    ['true', 0, /not a token count/],
  ])(`J07 ${wire.name}: an input of %s is clamped, and told as an anomaly`, async (json, input, problem) => {
    const events = await record(wire, { text, usage: { input: 12, output: 5 } })
    const { response, anomalies } = await anomaliesOf(wire, played(wire, counting(wire, events, 'input', json)))
    expect(response).toMatchObject({ text, finishReason: 'stop', usage: { input, output: 5, total: input + 5 } })
    expect(anomalies).toEqual([expect.stringMatching(problem)])
  })

  test(`J07 ${wire.name}: figures that are right are no anomaly`, async () => {
    const { response, anomalies } = await anomaliesOf(wire, { text, usage: { input: 12, output: 5 } })
    expect(response.text).toBe(text)
    expect(anomalies).toEqual([])
  })

  test(`P09 ${wire.name}: usage that never comes is estimated, and paid for`, async () => {
    for (const stream of [true, false]) {
      for (const face of inTurn(wire, faces)) {
        const seen = await observe(face, { wire, replies: [{ text, usage: 'none' }], call: { stream } })
        expect(seen.response).toMatchObject({ text, usageSource: 'estimated' })
        expect(seen.response?.usage.input).toBeGreaterThan(5)
        expect(seen.response?.usage.output).toBeGreaterThan(2)
        if (wire.name !== 'ollama') expect(seen.bookedUsd).toBeGreaterThan(0)
      }
    }
  })

  test(`P10 ${wire.name}: the model that served has the price, and both are told`, async () => {
    const prices = new PriceRegistry({ entries: [] })
    prices.register({ provider: wire.name, id: wire.model, rates: { input: 1, output: 1 } })
    prices.register({ provider: wire.name, id: 'the-other-model', rates: { input: 100, output: 100 } })
    const replies: Reply[] = [await servedBy(wire, 'the-other-model')]
    const seen = await observe('events', { wire, replies, options: { prices } })
    expect(seen.response).toMatchObject({ model: wire.model, servedModel: 'the-other-model' })
    expect(seen.attempts).toMatchObject([{ model: wire.model, servedModel: 'the-other-model' }])
    if (wire.name !== 'ollama') expect(seen.bookedUsd).toBeCloseTo(1_500e-6, 9)
  })

  test(`P10 ${wire.name}: a model that nobody knows is paid for as the one that was asked`, async () => {
    const prices = new PriceRegistry({ entries: [] })
    prices.register({ provider: wire.name, id: wire.model, rates: { input: 1, output: 1 } })
    const seen = await observe('events', { wire, replies: [await servedBy(wire, 'unheard-of')], options: { prices } })
    expect(seen.response).toMatchObject({ model: wire.model, servedModel: 'unheard-of' })
    if (wire.name !== 'ollama') expect(seen.bookedUsd).toBeCloseTo(15e-6, 9)
  })
})

describe.each(protocols.filter((wire) => figures[wire.protocol].cached !== undefined))('$name', (wire) => {
  test(`J07 ${wire.name}: more cached than prompted`, async () => {
    const events = await record(wire, { text, usage: { input: 12, cacheRead: 3, output: 5 } })
    const odd = counting(wire, events, 'cached', '5000')
    expect(odd).not.toEqual(events)
    const { response, anomalies } = await anomaliesOf(wire, played(wire, odd))
    expect(response.text).toBe(text)
    expect(response.usage.input).toBeGreaterThanOrEqual(0)
    // Anthropic counts its cache beside the input, not inside.
    expect(anomalies).toEqual(wire.name === 'anthropic' ? [] : [expect.stringContaining('more tokens were cached')])
  })
})

describe.each(chatWires)('$name', (wire) => {
  test(`P07 ${wire.name}: usage that comes after the finish reason is read`, async () => {
    const events = await record(wire, { text, usage: { input: 1_234, output: 77 } })
    const finish = events.findIndex((event) => event.includes('"finish_reason":"stop"'))
    const figure = events.findIndex((event) => event.includes('1234'))
    expect(figure).toBeGreaterThan(finish)
    for (const face of inTurn(wire, faces)) {
      const bare = events.map((event, at) =>
        at === figure
          ? edited(event, (json) => JSON.stringify({ ...(JSON.parse(json) as object), choices: [] }))
          : event,
      )
      const seen = await observe(face, { wire, replies: [played(wire, bare)] })
      expect(seen.response).toMatchObject({ text, usageSource: 'reported', usage: { input: 1_234, output: 77 } })
      expect(seen.bookedUsd).toBeCloseTo(1_234e-6 + 4 * 77e-6, 9)
    }
  })

  test(`P08 ${wire.name}: usage on every chunk is not summed`, async () => {
    const events = await record(wire, { text, usage: { input: 12, output: 5 } })
    const growing = events.map((event, at) =>
      edited(event, (json) => {
        const chunk = JSON.parse(json) as { usage?: unknown }
        const usage = { prompt_tokens: 12, completion_tokens: at, total_tokens: 12 + at }
        return JSON.stringify(chunk.usage ? chunk : { ...chunk, usage })
      }),
    )
    await expectUsage(wire, played(wire, growing), { input: 12, output: 5, total: 17 })
  })
})

test('P07 google: figures that come after the finish reason are read', async () => {
  const wire = wireNamed('google')
  const events = await record(wire, { text, usage: 'none' })
  const late = { usageMetadata: { promptTokenCount: 12, candidatesTokenCount: 5, totalTokenCount: 17 } }
  await expectUsage(wire, played(wire, [...events, eventOf(wire, late)]), { input: 12, output: 5, total: 17 })
})

test('P08 google: usage on every chunk grows and is not summed', async () => {
  const wire = wireNamed('google')
  const events = await record(wire, { text, usage: { input: 12, output: 5 } })
  expect(events.filter((event) => event.includes('usageMetadata'))).toHaveLength(events.length)
  await expectUsage(wire, played(wire, events), { input: 12, output: 5, total: 17 })
})

test('P08 anthropic: message_delta is cumulative, however often it comes', async () => {
  const wire = wireNamed('anthropic')
  const events = await record(wire, { text, usage: { input: 12, cacheRead: 3, output: 5 } })
  const at = events.findIndex((event) => event.includes('"type":"message_delta"'))
  const early = events[at]!.replace(/"output_tokens":5/, '"output_tokens":2').replace('"end_turn"', 'null')
  const stream = [...events.slice(0, at), early, early, ...events.slice(at)]
  await expectUsage(wire, played(wire, stream), { input: 12, cacheRead: 3, output: 5, total: 20 })
})

async function expectUsage(wire: Wire, reply: Reply, usage: object): Promise<void> {
  for (const face of inTurn(wire, faces)) {
    const seen = await observe(face, { wire, replies: [reply] })
    expect(seen.response).toMatchObject({ text, usageSource: 'reported', usage })
    expect(seen.attempts).toHaveLength(1)
    expect(seen.attempts[0]?.usage).toEqual(seen.response?.usage)
  }
}

async function servedBy(wire: Wire, model: string): Promise<Reply> {
  return played(wire, await record(wire, { text, model, usage: { input: 10, output: 5 } }))
}

async function anomaliesOf(wire: Wire, reply: Reply) {
  await using emulator = await startEmulator()
  emulator.enqueue(wire.wire, reply)
  const provider = providerOf(wire, emulator)
  const llm = createLLM({ providers: [provider], model: { provider: wire.name, model: wire.model } })
  const anomalies: string[] = []
  llm.on('usage_anomaly', ({ target, problem }) => {
    expect(target).toEqual({ provider: wire.name, model: wire.model })
    anomalies.push(problem)
  })
  const response = await llm.complete({ messages: 'Hello?' })
  await llm.close()
  return { response, anomalies: [...new Set(anomalies)] }
}
