// oxlint-disable vitest/expect-expect -- expectRefused expects
import { gzipSync } from 'node:zlib'
import type { Failure, Reply } from '@wayfare/emulator'
import type { LLMErrorKind } from '@wayfare/core'
import type { Attempt } from '@wayfare/llm'
import { describe, expect, test } from 'vitest'
import { observe } from './kit/observe.ts'
import type { Observation } from './kit/observe.ts'
import { expectBreaker, expectRefused, faces, repeat, rescuerOf } from './kit/refusal.ts'
import { inTurn } from './kit/turns.ts'
import { wireNamed, wires } from './kit/wires.ts'
import type { Wire } from './kit/wires.ts'

const json = (body: unknown): Failure => ({ status: 200, error: { body } })

describe.each(wires)('$name', (wire) => {
  const portal = '<!DOCTYPE html><html><title>Welcome to our Wi-Fi</title><body>Please log in.</body></html>'

  test.each<Reply>([
    { text: 'x', fault: { after: 0, kind: 'html' } },
    { status: 200, error: { body: portal, contentType: 'text/html; charset=utf-8' } },
  ])(`H36 ${wire.name}: the page of a captive portal is an error, never an empty success (%#)`, async (reply) => {
    await expectRefused(wire, {
      reply,
      kind: 'protocol',
      facts: { status: 200, retryable: true, message: expect.not.stringMatching(/html|Wi-Fi|log in/i) },
      sent: 2,
      breaker: 'model',
    })
  })

  test(`H37 ${wire.name}: an error in a body with status 200 is an error of its own kind`, async () => {
    await expectRefused(wire, {
      reply: json(errorBody(wire)),
      kind: 'server',
      facts: { status: undefined, retryable: true, message: expect.stringContaining('inside a successful answer') },
      sent: 3,
      breaker: 'model',
    })
  })

  test.each(faces)(`H38 ${wire.name}: a whole body where a stream was asked for is read as one (%s)`, async (face) => {
    const seen = await observe(face, { wire, replies: [json(wholeBody(wire, 'All of it at once.'))] })
    expect(seen.response).toMatchObject({
      text: 'All of it at once.',
      finishReason: 'stop',
      usage: { input: 7, output: 3, total: 10 },
      usageSource: 'reported',
    })
    expect(seen.requests).toMatchObject([{ stream: true }])
    expect(seen.bookedUsd).toBe(wire.name === 'ollama' ? 0 : (7 + 4 * 3) / 1e6)
    if (face !== 'text') {
      expect(seen.events.map(({ type }) => type)).toEqual(['attempt_start', 'text_delta', 'finish'])
    }
  })

  test(`H38 ${wire.name}: a whole body is a success to the breaker`, async () => {
    const replies = repeat<Reply>({ error: 'server' }, 2)
    const seen = await observe('complete', { wire, replies: [...replies, json(wholeBody(wire, 'Whole.'))] })
    expect(seen.response?.text).toBe('Whole.')
    expect(seen.attempts.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'ok'])
  })

  const bare = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n'

  test.each<[string, Reply]>([
    ['an empty stream', { text: 'x', fault: { after: 0, kind: 'empty' } }],
    ['an empty body without a type', { raw: [bare] }],
  ])(`H39 ${wire.name}: %s is an error, never an empty success`, async (_, reply) => {
    // This vendor may bill the prompt all the same.
    if (wire.name === 'openrouter') return expectEmptyUnknown(wire, reply)
    await expectRefused(wire, { reply, kind: 'protocol', facts: { retryable: true }, sent: 2, breaker: 'model' })
  })

  test(`H39 ${wire.name}: 204 is an error, never an empty success`, async () => {
    const facts = { status: 204, retryable: true }
    const reply: Reply = { status: 204, error: { body: '' } }
    await expectRefused(wire, { reply, kind: 'protocol', facts, sent: 2, breaker: 'model' })
  })

  test(`H40 ${wire.name}: headers of 20 KB are refused, and what was sent is paid for`, async () => {
    const head = `HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nx-much: ${'x'.repeat(20_000)}\r\n\r\n`
    await expectUnreadable(wire, { raw: [head, 'stall'] }, 'protocol', 1)
  })

  // 40 MiB in 40 KB: more than one event may hold.
  const bomb = Buffer.concat(repeat(gzipSync(Buffer.alloc(1 << 20, 'a')), 40))
  const inGzip = (body: string | Uint8Array): Reply => ({
    status: 200,
    error: { body },
    headers: {
      'content-encoding': 'gzip',
      'content-type': wire.format === 'sse' ? 'text/event-stream' : 'application/x-ndjson',
    },
  })

  test(`H41 ${wire.name}: a gzip bomb is given up at the limit, and not sent for again`, async () => {
    // To unpack one takes its time: what every reader sees, and what the breaker makes of it, rows of the same kind tell.
    const seen = await expectRescue(wire, inGzip(bomb), 'response_too_large', 1)
    expect(seen.requests.every(({ headers: sent }) => sent['accept-encoding'] === 'identity')).toBe(true)
  })

  test.each<[string, string | Uint8Array]>([
    ['br', 'anything'],
    ['zstd', 'anything'],
    ['gzip', 'this is no gzip'],
    ['deflate', new Uint8Array([1, 2, 3])],
  ])(`H43 ${wire.name}: an answer in %s is refused, and what was sent is paid for`, async (encoding, body) => {
    const headers = { 'content-encoding': encoding, 'content-type': wire.format === 'sse' ? 'text/event-stream' : '' }
    await expectUnreadable(wire, { status: 200, error: { body }, headers }, 'protocol', 2)
  })
})

describe('H37', () => {
  const openrouter = wireNamed('openrouter')
  const said = (error: object): Reply => json({ error: { message: 'No.', ...error } })

  test('H37 openrouter: lack of credit inside 200 is a matter of money', async () => {
    await expectRefused(openrouter, {
      reply: said({ code: 402 }),
      kind: 'billing',
      facts: { retryable: false },
      trigger: 'low_funds',
      breaker: 'credential',
    })
  })

  test('H37 openrouter: a rate limit inside 200 is waited for on our own', async () => {
    await expectRefused(openrouter, {
      reply: said({ code: '429' }),
      kind: 'rate_limit',
      facts: { retryable: true },
      sent: 3,
      breaker: 'nothing',
    })
  })

  test('H37 openrouter: an overload inside 200 is given more time', async () => {
    await expectRefused(openrouter, {
      reply: said({ code: 503, metadata: { error_type: 'provider_overloaded' } }),
      kind: 'overloaded',
      sent: 3,
      waits: [500, 1_000],
      breaker: 'model',
    })
  })

  test('H37 openrouter: a context that is too long inside 200 goes only where a rule for it leads', async () => {
    await expectRefused(openrouter, {
      reply: said({ code: 400, metadata: { error_type: 'context_length_exceeded' } }),
      kind: 'context_length',
      facts: { code: 'context_length_exceeded' },
      trigger: 'context_length',
      breaker: 'nothing',
    })
  })

  test('H37 openrouter: retry-after of a 200 means nothing', async () => {
    await expectRefused(openrouter, {
      reply: { ...json({ error: { code: 429, message: 'No.' } }), retryAfter: '50' },
      kind: 'rate_limit',
      facts: { retryAfterMs: undefined },
      sent: 3,
      breaker: 'nothing',
    })
  })
})

test('H41 openai: a body that never ends is given up at the limit', async () => {
  const wire = wireNamed('openai')
  const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{"id":"'
  const endless: Reply = { raw: [head, { repeat: 'x'.repeat(65_536), times: 8_192 }] }
  const fallback = rescuerOf(wire)
  const seen = await observe('complete', { wire, replies: [endless], fallback, call: { stream: false } })
  expect(seen.response?.text).toBe('Rescued whole.')
  expect(seen.requests.filter((request) => request.wire === wire.wire)).toMatchObject([{ closedEarly: true }])
  expect(seen.attempts[0]).toMatchObject({
    outcome: 'failed',
    kind: 'response_too_large',
    usageSource: 'estimated',
    usage: { output: 0 },
  })
  expect(seen.attempts[0]?.usage.input).toBeGreaterThan(0)
})

/** The vendor has worked, so the input is paid for; nothing is shown, and another target answers. */
async function expectUnreadable(wire: Wire, reply: Reply, kind: LLMErrorKind, sent: number): Promise<void> {
  for (const face of inTurn(wire, faces)) {
    const seen = await observe(face, { wire, replies: repeat(reply, sent) })
    expect(seen.error).toMatchObject({ kind, provider: wire.name, retryable: sent > 1 })
    expect(seen.shown).toBe('')
    expect(seen.requests).toHaveLength(sent)
    expect(seen.attempts).toHaveLength(sent)
    expectInputPaid(seen.attempts, kind)
    if (wire.name !== 'ollama') expect(seen.bookedUsd).toBeGreaterThan(0)
  }
  await expectBreaker(wire, { reply, breaker: 'model' })
  await expectRescue(wire, reply, kind, sent)
}

async function expectRescue(wire: Wire, reply: Reply, kind: LLMErrorKind, sent: number): Promise<Observation> {
  const fallback = rescuerOf(wire)
  const seen = await observe('events', { wire, replies: repeat(reply, sent), fallback })
  expect(seen.response?.text).toBe('Rescued whole.')
  expect(seen.shown).toBe('Rescued whole.')
  expect(seen.requests.map((request) => request.wire)).toEqual([...repeat(wire.wire, sent), fallback.wire])
  expectInputPaid(seen.attempts.slice(0, -1), kind)
  return seen
}

function expectInputPaid(attempts: readonly Attempt[], kind: LLMErrorKind): void {
  for (const attempt of attempts) {
    expect(attempt).toMatchObject({ kind, usageSource: 'estimated', usage: { output: 0 } })
    expect(attempt.usage.input).toBeGreaterThan(0)
  }
}

async function expectEmptyUnknown(wire: Wire, reply: Reply): Promise<void> {
  for (const face of faces) {
    const seen = await observe(face, { wire, replies: [reply, reply] })
    expect(seen.error).toMatchObject({ kind: 'protocol', billed: 'unknown' })
    expect(seen.requests).toHaveLength(2)
    expect(seen.shown).toBe('')
    expect(seen.attempts).toMatchObject(repeat({ billed: 'unknown', costUsd: 0 }, 2))
  }
  await expectBreaker(wire, { reply, breaker: 'model' })
}

function errorBody({ wire }: Wire): unknown {
  switch (wire) {
    case 'anthropic':
      return { type: 'error', error: { type: 'api_error', message: 'Bad gateway' } }
    case 'google':
      return { error: { code: 502, message: 'Bad gateway', status: 'UNKNOWN' } }
    case 'ollama':
      return { error: 'bad gateway' }
    default:
      return { error: { code: 502, message: 'Bad gateway' } }
  }
}

/** What each vendor answers when it is not asked to stream. */
function wholeBody({ protocol, model }: Wire, text: string): unknown {
  switch (protocol) {
    case 'messages':
      return {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        model,
        content: [{ type: 'text', text }],
        stop_reason: 'end_turn',
        stop_sequence: null,
        usage: { input_tokens: 7, output_tokens: 3 },
      }
    case 'gemini':
      return {
        candidates: [{ content: { role: 'model', parts: [{ text }] }, finishReason: 'STOP', index: 0 }],
        usageMetadata: { promptTokenCount: 7, candidatesTokenCount: 3, totalTokenCount: 10 },
        modelVersion: model,
        responseId: 'r1',
      }
    case 'ollama':
      return {
        model,
        created_at: '2026-11-01T00:00:00Z',
        message: { role: 'assistant', content: text },
        done: true,
        done_reason: 'stop',
        prompt_eval_count: 7,
        eval_count: 3,
      }
    case 'responses':
      return {
        id: 'resp_1',
        object: 'response',
        status: 'completed',
        model,
        output: [{ type: 'message', id: 'msg_1', role: 'assistant', content: [{ type: 'output_text', text }] }],
        usage: { input_tokens: 7, output_tokens: 3, total_tokens: 10 },
      }
    case 'chat':
      return {
        id: 'chatcmpl-1',
        object: 'chat.completion',
        created: 1,
        model,
        choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
      }
  }
}
