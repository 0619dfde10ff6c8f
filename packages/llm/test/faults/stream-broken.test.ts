import type { Reply } from '@wayfare/emulator'
import type { LLMErrorKind } from '@wayfare/core'
import { describe, expect, test } from 'vitest'
import { earliestUsage, earlyUsage, expectAlike, expectAnotherStart, expectInterrupted } from './kit/interruption.ts'
import type { Interruption } from './kit/interruption.ts'
import { observe } from './kit/observe.ts'
import { eventOf, played, record } from './kit/recording.ts'
import { protocols, wireNamed, wires } from './kit/wires.ts'
import type { Wire } from './kit/wires.ts'

const text = 'One two three four five.'

/** Events that say nothing at all. */
const empty: { readonly [protocol in Wire['protocol']]: unknown } = {
  messages: { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: '' } },
  chat: { id: 'chatcmpl-1', object: 'chat.completion.chunk', model: 'm', choices: [{ index: 0, delta: {} }] },
  responses: { type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: '' },
  gemini: { candidates: [{ content: { role: 'model', parts: [{ text: '' }] }, index: 0 }] },
  ollama: { model: 'm', message: { role: 'assistant', content: '' }, done: false },
}

/** The bytes keep coming, so that the shorter timer of the two never fires. */
const options = { timeout: { idleMs: 120, progressMs: 250 } }

describe.each(protocols)('$name', (wire) => {
  test(`S05 ${wire.name}: keep-alives are no progress`, async () => {
    await observe('events', { wire, replies: [] }) // loads what the first request loads
    const slow: Interruption = {
      reply: { text, fault: { after: 2, kind: 'keep_alive' } },
      kind: 'timeout',
      facts: { phase: 'progress', retryable: true },
      shown: 'One two ',
      usageSource: earlyUsage(wire),
      breaker: 'model',
      options,
    }
    // What follows after two tries is the same for every wire, and every try takes its time.
    if (wire.name === 'anthropic') await expectInterrupted(wire, slow)
    else await expectAnotherStart(wire, slow)
  })

  test(`S05 ${wire.name}: keep-alives before any output are no progress either`, async () => {
    const broken: Reply = { text, fault: { after: 0, kind: 'keep_alive' } }
    const seen = await observe('text', { wire, replies: [broken, { text: 'Whole.' }], options })
    expect(seen.response?.text).toBe('Whole.')
    expect(seen.attempts[0]).toMatchObject({ outcome: 'failed', kind: 'timeout', usageSource: earliestUsage(wire) })
  })

  test(`S06 ${wire.name}: an error inside the stream is the vendor's own error`, async () => {
    await expectInterrupted(wire, {
      reply: { text, fault: { after: 2, kind: 'error', error: 'overloaded' } },
      kind: 'overloaded',
      facts: { retryable: true, message: expect.stringContaining('overloaded') },
      shown: 'One two ',
      usageSource: earlyUsage(wire),
      breaker: 'model',
    })
  })

  test(`S06 ${wire.name}: an error inside the stream, before any output`, async () => {
    await expectInterrupted(wire, {
      reply: { text, fault: { after: 0, kind: 'error', error: 'server' } },
      kind: 'server',
      facts: { retryable: true },
      shown: '',
      usageSource: earliestUsage(wire),
      breaker: 'model',
    })
  })

  test(`S14 ${wire.name}: ten thousand events without any content are a server in a loop`, async () => {
    const events = await record(wire, { text })
    const upTo = events.findIndex((event) => event.includes('two')) + 1
    const nothing = eventOf(wire, empty[wire.protocol], wire.name === 'anthropic' ? 'content_block_delta' : undefined)
    const start = played(wire, events.slice(0, upTo))
    const separator = wire.format === 'sse' ? '\n\n' : '\n'
    const loop: Interruption = {
      reply: { raw: [...start.raw, { repeat: nothing + separator, times: 12_000 }, 'stall'] },
      kind: 'protocol',
      shown: 'One two ',
      retries: 1,
      usageSource: earlyUsage(wire),
      breaker: 'model',
    }
    // So many events take their time.
    await expectAlike(wire, loop, wire.name === 'anthropic')
  })
})

const openrouter = wireNamed('openrouter')

describe.each<[error: object, kind: LLMErrorKind, again: boolean, breaker: 'model' | 'credential' | 'nothing']>([
  [{ code: 502, message: 'no', metadata: { error_type: 'provider_unavailable' } }, 'server', true, 'model'],
  [{ code: 502, message: 'no' }, 'server', true, 'model'],
  [{ code: 'server_error', message: 'no' }, 'server', true, 'model'],
  [{ code: 429, message: 'no', metadata: { error_type: 'rate_limit_exceeded' } }, 'rate_limit', true, 'nothing'],
  [{ code: 402, message: 'no', metadata: { error_type: 'payment_required' } }, 'billing', false, 'credential'],
  [{ code: 403, message: 'no', metadata: { error_type: 'permission_denied' } }, 'permission', false, 'nothing'],
])('an error chunk %o', (error, kind, again, breaker) => {
  test('S07 openrouter: a chunk with an error at its top is an error of that kind, not an end', async () => {
    const events = await record(openrouter, { text })
    const upTo = events.findIndex((event) => event.includes('two')) + 1
    const choices = [{ index: 0, delta: { content: '' }, finish_reason: 'error' }]
    const broken = eventOf(openrouter, { id: 'gen-1', object: 'chat.completion.chunk', model: 'm', error, choices })
    await expectInterrupted(openrouter, {
      reply: played(openrouter, [...events.slice(0, upTo), broken, 'data: [DONE]']),
      kind,
      facts: { retryable: again },
      shown: 'One two ',
      retries: again ? 2 : 0,
      usageSource: 'estimated',
      breaker,
    })
  })
})

describe.each(wires.filter((wire) => wire.protocol === 'chat'))('$name', (wire) => {
  test(`S07 ${wire.name}: the finish reason "error" is an error even without words`, async () => {
    const events = await record(wire, { text })
    const upTo = events.findIndex((event) => event.includes('two')) + 1
    const chunk = {
      id: '1',
      object: 'chat.completion.chunk',
      choices: [{ index: 0, delta: {}, finish_reason: 'error' }],
    }
    await expectInterrupted(wire, {
      reply: played(wire, [...events.slice(0, upTo), eventOf(wire, chunk), 'data: [DONE]']),
      kind: 'server',
      facts: { retryable: true },
      shown: 'One two ',
      usageSource: 'estimated',
      breaker: 'model',
    })
  })
})

const ollama = wireNamed('ollama')

test.each<[reply: Reply, kind: LLMErrorKind, retries: number]>([
  [{ text, fault: { after: 2, kind: 'error', error: 'server' } }, 'server', 2],
  [{ text, fault: { after: 2, kind: 'error', error: 'overloaded' } }, 'overloaded', 2],
])('S18 ollama: a line with an error breaks the stream off (%#)', async (reply, kind, retries) => {
  await expectInterrupted(ollama, {
    reply,
    kind,
    shown: 'One two ',
    retries,
    usageSource: 'estimated',
    breaker: 'model',
  })
})

test('S18 ollama: a machine that is too small is not asked again', async () => {
  const events = await record(ollama, { text })
  const error = eventOf(ollama, { error: 'model requires more system memory (9 GiB) than is available (4 GiB)' })
  await expectInterrupted(ollama, {
    reply: played(ollama, [...events.slice(0, 2), error]),
    kind: 'server',
    facts: { retryable: false, message: expect.not.stringContaining('9 GiB') },
    shown: 'One two ',
    retries: 0,
    usageSource: 'estimated',
    breaker: 'model',
  })
})

test('S19 ollama: a stream that ends before a line says "done" is cut, whatever HTTP says', async () => {
  await expectInterrupted(ollama, {
    reply: { text, fault: { after: 2, kind: 'end' } },
    kind: 'stream_truncated',
    facts: { retryable: true },
    shown: 'One two ',
    usageSource: 'estimated',
    breaker: 'model',
  })
})
