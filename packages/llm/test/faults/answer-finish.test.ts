import type { FinishReason } from '@wayfare/core'
import type { Answer } from '@wayfare/emulator'
import { describe, expect, test } from 'vitest'
import { observe } from './kit/observe.ts'
import { played, record } from './kit/recording.ts'
import { faces, rescuerOf } from './kit/refusal.ts'
import { protocols, wireNamed } from './kit/wires.ts'
import type { Wire } from './kit/wires.ts'

const text = 'One two three.'
const usage = { input: 12, output: 5 }

/** The word that each protocol ends an answer with, as it stands in the stream. Responses give a reason to cut ones alone. */
const stopWord: { readonly [protocol in Wire['protocol']]: string } = {
  messages: '"stop_reason":"end_turn"',
  chat: '"finish_reason":"stop"',
  responses: '"reason":"max_output_tokens"',
  gemini: '"finishReason":"STOP"',
  ollama: '"done_reason":"stop"',
}

// Ollama has no word for a refusal; Google has none but a filter.
describe.each(protocols.filter((wire) => wire.name !== 'google' && wire.name !== 'ollama'))('$name', (wire) => {
  test(`P11 ${wire.name}: a refusal is an answer that says so`, async () => {
    await expectAnswer(wire, { text, usage, finish: 'refusal' }, 'refusal')
  })
})

// Anthropic refuses instead; Ollama has no word for it.
describe.each(protocols.filter((wire) => wire.name !== 'anthropic' && wire.name !== 'ollama'))('$name', (wire) => {
  test(`P12 ${wire.name}: a filter in the middle ends the answer, and what came before it stays`, async () => {
    await expectAnswer(wire, { text, usage, finish: 'content_filter' }, 'content_filter')
  })
})

test.each(['RECITATION', 'BLOCKLIST', 'PROHIBITED_CONTENT', 'SPII'])(
  'P12 google: %s in the middle ends the answer, and what came before it stays',
  async (word) => {
    await expectWord(wireNamed('google'), word, 'content_filter')
  },
)

test('P12 anthropic: a filter in the middle is a refusal, and what came before it stays', async () => {
  await expectAnswer(wireNamed('anthropic'), { text, usage, finish: 'content_filter' }, 'refusal')
})

describe.each(protocols)('$name', (wire) => {
  test(`P13 ${wire.name}: an answer without a word is an answer, and marked`, async () => {
    for (const stream of [true, false]) {
      for (const face of faces) {
        const reply: Answer = { text: '', usage: { input: 12, output: 0 } }
        const seen = await observe(face, { wire, replies: [reply], fallback: rescuerOf(wire), call: { stream } })
        expect(seen.response).toMatchObject({ text: '', finishReason: 'stop', toolCalls: [], provider: wire.name })
        expect(seen.response?.warnings).toMatchObject([{ code: 'empty_answer' }])
        expect(seen.response?.message.content).toEqual([])
        expect(seen.requests).toHaveLength(1)
      }
    }
  })

  test(`P14 ${wire.name}: a reason that nobody knows yet is "other", and kept`, async () => {
    await expectWord(wire, 'solar_flare', 'other')
  })
})

test.each<[word: string, reason: FinishReason]>([
  ['pause_turn', 'pause'],
  ['model_context_window_exceeded', 'length'],
  ['max_tokens', 'length'],
  ['stop_sequence', 'stop'],
  ['constructor', 'other'],
])('P14 anthropic: %s is "%s"', async (word, reason) => {
  await expectWord(wireNamed('anthropic'), word, reason)
})

/** The wire's own word for the end replaced by another one. */
async function expectWord(wire: Wire, word: string, reason: FinishReason): Promise<void> {
  const events = await record(wire, { text, usage, finish: wire.protocol === 'responses' ? 'length' : 'stop' })
  const [name] = stopWord[wire.protocol].split(':')
  const changed = events.map((event) => event.replaceAll(stopWord[wire.protocol], `${name}:"${word}"`))
  expect(changed).not.toEqual(events)
  for (const face of faces) {
    const seen = await observe(face, { wire, replies: [played(wire, changed)], fallback: rescuerOf(wire) })
    expect(seen.response).toMatchObject({ text, finishReason: reason, rawFinishReason: word, usage })
    expect(seen.requests).toHaveLength(1)
    expect(seen.attempts).toMatchObject([{ outcome: 'ok', provider: wire.name }])
  }
}

/** One request, the text, the reason; no other target is asked although there is one. */
async function expectAnswer(wire: Wire, reply: Answer, reason: FinishReason): Promise<void> {
  for (const face of faces) {
    const seen = await observe(face, { wire, replies: [reply], fallback: rescuerOf(wire) })
    expect(seen.error).toBeUndefined()
    expect(seen.response).toMatchObject({ text, finishReason: reason, provider: wire.name })
    expect(seen.shown).toBe(text)
    if (wire.name !== 'openai-compatible') expect(seen.response).toMatchObject({ usageSource: 'reported', usage })
    expect(seen.requests).toHaveLength(1)
    expect(seen.attempts).toMatchObject([{ outcome: 'ok', provider: wire.name }])
  }
}
