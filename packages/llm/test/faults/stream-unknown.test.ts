import { describe, expect, test } from 'vitest'
import { expectInterrupted } from './kit/interruption.ts'
import { observe } from './kit/observe.ts'
import { eventOf, played, record } from './kit/recording.ts'
import { faces, rescuerOf, switching } from './kit/refusal.ts'
import { protocols, wireNamed } from './kit/wires.ts'
import type { Wire } from './kit/wires.ts'

const usage = { input: 12, output: 5 }

/** What a vendor might add to its streams tomorrow. */
const novelties: { readonly [protocol in Wire['protocol']]: readonly [data: unknown, name?: string][] } = {
  messages: [
    [{ type: 'content_block_hint', index: 0, hint: 'soon' }, 'content_block_hint'],
    [{ type: 'content_block_delta', index: 0, delta: { type: 'hint_delta', hint: 'soon' } }, 'content_block_delta'],
    [{ type: 'ping' }, 'ping'],
    [{ news: true }],
  ],
  chat: [
    [{ type: 'hint', hint: 'soon' }, 'hint'],
    [{ id: 'chatcmpl-1', object: 'chat.completion.hint', hint: 'soon' }],
    [{ id: 'chatcmpl-1', object: 'chat.completion.chunk', choices: [], hint: 'soon' }],
  ],
  responses: [
    [{ type: 'response.hint', sequence_number: 0, hint: 'soon' }, 'response.hint'],
    [{ type: 'response.hint.delta', sequence_number: 0, output_index: 0, content_index: 0, delta: 'soon' }],
    [{ news: true }],
  ],
  gemini: [[{ hint: 'soon' }, 'hint'], [{ candidates: [{ index: 0, hint: 'soon' }] }], [{ hint: 'soon' }]],
  ollama: [[{ model: 'm', hint: 'soon', done: false }], [{ hint: 'soon' }]],
}

describe.each(protocols)('$name', (wire) => {
  test(`S15 ${wire.name}: events that nobody knows yet are passed over`, async () => {
    const events = await record(wire, { text: 'One two three.', usage })
    const news = novelties[wire.protocol].map(([data, name]) => eventOf(wire, data, name))
    const woven = events.flatMap((event, at) => (at === events.length - 1 ? [event] : [event, ...news]))
    for (const face of faces) {
      for (const stream of [woven, [...news, ...events]]) {
        const seen = await observe(face, { wire, replies: [played(wire, stream)] })
        expect(seen.error).toBeUndefined()
        expect(seen.response).toMatchObject({ text: 'One two three.', usageSource: 'reported', usage })
        expect(seen.requests).toHaveLength(1)
      }
    }
  })
})

describe('google', () => {
  const google = wireNamed('google')

  test('S20 google: a blocked prompt is an error that names the reason, and its tokens are paid for', async () => {
    for (const stream of [true, false]) {
      for (const face of faces) {
        const seen = await observe(face, { wire: google, replies: [{ error: 'content_filter' }], call: { stream } })
        expect(seen.error).toMatchObject({
          kind: 'content_filter',
          phase: 'input',
          code: 'PROHIBITED_CONTENT',
          retryable: false,
        })
        expect(seen.shown).toBe('')
        expect(seen.requests).toHaveLength(1)
        expect(seen.attempts).toMatchObject([
          { outcome: 'failed', usageSource: 'partial', usage: { input: 12, output: 0 } },
        ])
        expect(seen.bookedUsd).toBeCloseTo(12e-6, 9)
      }
    }
  })

  test('S20 google: a blocked prompt goes elsewhere only where a rule for it leads, and opens nothing', async () => {
    const reply = { error: 'content_filter' } as const
    await expectInterrupted(google, {
      reply,
      kind: 'content_filter',
      shown: '',
      retries: 0,
      usageSource: 'partial',
      breaker: 'nothing',
    })
    const other = rescuerOf(google)
    const fallbacks = [switching('content_filter', other)]
    const seen = await observe('events', { wire: google, replies: [reply], fallback: other, options: { fallbacks } })
    expect(seen.response).toMatchObject({ text: 'Rescued whole.', provider: other.name })
    const generally = [switching('error', other)]
    const left = await observe('events', {
      wire: google,
      replies: [reply],
      options: { fallbacks: generally },
      fallback: other,
    })
    expect(left.error?.kind).toBe('content_filter')
    expect(left.requests).toHaveLength(1)
  })
})
