// oxlint-disable vitest/expect-expect -- expectRefused expects
import { startEmulator } from '@wayfare/emulator'
import type { Failure, Reply } from '@wayfare/emulator'
import { createLLM } from '@wayfare/llm'
import { describe, expect, test } from 'vitest'
import { observe } from './kit/observe.ts'
import { expectAlone, expectElsewhere, expectRefused } from './kit/refusal.ts'
import { providerOf, wireNamed, wires } from './kit/wires.ts'
import type { Wire } from './kit/wires.ts'

const page = (status: number): Failure => ({
  status,
  error: { body: `<html><title>${status} | cloud</title><body>Bad gateway</body></html>`, contentType: 'text/html' },
})
// oxlint-disable-next-line vitest/no-standalone-expect -- a matcher, used in the tests
const withoutPage = expect.not.stringMatching(/html|cloud|gateway/i)

/** Google has words of its own for a deadline. */
const ownTimeout: Failure = {
  status: 504,
  error: { body: { error: { code: 504, message: 'Deadline expired.', status: 'DEADLINE_EXCEEDED' } } },
}

describe.each(wires)('$name', (wire) => {
  test.each<Failure>([{ error: { body: '' } }, { error: { body: {} } }, { error: 'bad_request' }])(
    `H14 ${wire.name}: 408 is the server's own timeout, and is tried again (%#)`,
    async (reply) => {
      const facts = { status: 408, phase: 'server', retryable: true } as const
      const refusal = { reply: { ...reply, status: 408 }, kind: 'timeout', facts, sent: 3, breaker: 'model' } as const
      await expectRefused(wire, refusal)
      await expectElsewhere(wire, { ...refusal, trigger: 'timeout' })
    },
  )

  test.each<Failure>([{ error: { body: 'locked' } }, { error: 'bad_request' }])(
    `H15 ${wire.name}: a conflict passes, and is nobody's fault (%#)`,
    async (reply) => {
      await expectRefused(wire, {
        reply: { ...reply, status: 409 },
        kind: 'conflict',
        facts: { status: 409, retryable: true },
        sent: 3,
        breaker: 'nothing',
      })
    },
  )

  test(`H28 ${wire.name}: x-should-retry: false on 500 spares the second try`, async () => {
    await expectRefused(wire, {
      reply: { error: 'server', headers: { 'x-should-retry': 'false' } },
      kind: 'server',
      facts: { status: 500, retryable: false },
      sent: 1,
      breaker: 'model',
    })
  })

  test(`H28 ${wire.name}: x-should-retry: true on 400 tries again`, async () => {
    await expectRefused(wire, {
      reply: { error: 'bad_request', headers: { 'x-should-retry': 'true' } },
      kind: 'bad_request',
      facts: { status: 400, retryable: true },
      sent: 3,
      trigger: 'none',
      breaker: 'nothing',
    })
  })

  test(`H30 ${wire.name}: 500 is tried twice more, then elsewhere`, async () => {
    await expectRefused(wire, {
      reply: { error: 'server' },
      kind: 'server',
      facts: { status: 500, retryable: true },
      sent: 3,
      breaker: 'model',
    })
  })

  test(`H30 ${wire.name}: a second try that is answered is an answer like any other`, async () => {
    for (const face of ['events', 'text', 'complete'] as const) {
      const seen = await observe(face, { wire, replies: [{ error: 'server' }, { text: 'At last.' }] })
      expect(seen.response).toMatchObject({ text: 'At last.', finishReason: 'stop' })
      expect(seen.attempts.map(({ outcome, costUsd }) => [outcome, costUsd === 0])).toEqual([
        ['failed', true],
        // A model on the user's own machine costs nothing.
        ['ok', wire.name === 'ollama'],
      ])
    }
  })

  test.each([502, 504, 520, 521, 522, 523, 524, 525, 526, 527])(
    `H31 ${wire.name}: the page of a CDN with %i is a failure of the server, and stays out of the message`,
    async (status) => {
      await expectAlone(wire, {
        reply: page(status),
        kind: 'server',
        facts: { status, retryable: true, message: withoutPage },
        sent: 3,
        breaker: 'model',
      })
    },
  )

  test(`H31 ${wire.name}: the page of a CDN with 502 leads elsewhere and opens the circuit`, async () => {
    await expectRefused(wire, { reply: page(502), kind: 'server', sent: 3, breaker: 'model' })
  })

  test(`H31 ${wire.name}: the page of a CDN with 503 says overloaded`, async () => {
    const facts = { status: 503, retryable: true, message: withoutPage }
    const waits = [500, 1_000]
    const refusal = { reply: page(503), kind: 'overloaded', facts, sent: 3, waits, breaker: 'model' } as const
    await expectRefused(wire, refusal)
    await expectElsewhere(wire, { ...refusal, trigger: 'overloaded' })
  })

  test(`H32 ${wire.name}: an overloaded vendor is given more time`, async () => {
    const status = wire.name === 'anthropic' ? 529 : 503
    const facts = { status, retryable: true }
    const waits = [500, 1_000]
    const reply: Reply = { error: 'overloaded' }
    await expectRefused(wire, { reply, kind: 'overloaded', facts, sent: 3, waits, breaker: 'model' })
  })

  test.each<[number, Failure]>([
    [501, { error: { body: 'Not Implemented' } }],
    [501, { error: 'server' }],
    [505, { error: { body: '' } }],
    [505, { error: 'server' }],
  ])(`H33 ${wire.name}: %i will not change, but another target may do it (%#)`, async (status, reply) => {
    await expectRefused(wire, {
      reply: { ...reply, status },
      kind: 'server',
      facts: { status, retryable: false },
      breaker: 'model',
    })
  })

  test.each<[number, string, string]>([
    [503, 'overloaded', '{"error":{"message":"'],
    [500, 'server', '<html>'],
    [401, 'auth', 'x'],
  ])(
    `H42 ${wire.name}: of an endless body behind %i no more than its beginning is read`,
    async (status, kind, start) => {
      await expectBodyUnread(wire, status, kind, start)
    },
  )
})

test('H31 google: 504 in its own words is a timeout of the server', async () => {
  await expectRefused(wireNamed('google'), {
    reply: ownTimeout,
    kind: 'timeout',
    facts: { status: 504, phase: 'server', code: 'DEADLINE_EXCEEDED', retryable: true },
    sent: 3,
    breaker: 'model',
  })
})

describe('H32', () => {
  const said = (error: object): Failure => ({ status: 503, error: { body: { error: { message: 'No.', ...error } } } })

  test.each<[string, Failure]>([
    ['openai', said({ type: 'server_error', code: 'slow_down' })],
    ['openai', said({ type: 'service_unavailable_error', code: 'server_is_overloaded' })],
    ['openai-compatible', said({ code: 'slow_down' })],
    ['openai-compatible', said({ code: 'capacity_exhausted' })],
    ['openrouter', said({ code: 503, metadata: { error_type: 'provider_overloaded' } })],
    ['openrouter', said({ code: 503, availability: { code: 'capacity_exhausted', retryable: true } })],
    ['anthropic', { status: 529, error: { body: { error: { type: 'overloaded_error', message: 'Overloaded' } } } }],
    ['ollama', { status: 503, error: { body: { error: 'server busy, please try again' } } }],
  ])('H32 %s: capacity that ran out is given more time (%#)', async (name, reply) => {
    await expectRefused(wireNamed(name), {
      reply,
      kind: 'overloaded',
      facts: { retryable: true },
      sent: 3,
      waits: [500, 1_000],
      breaker: 'model',
    })
  })

  test('H32 openrouter: what its availability calls final is not tried again', async () => {
    await expectAlone(wireNamed('openrouter'), {
      reply: said({ code: 503, availability: { code: 'model_deprecated', retryable: false } }),
      kind: 'overloaded',
      facts: { retryable: false },
      breaker: 'model',
    })
  })
})

test.each(['model requires more system memory (9 GiB) than is available', 'llama runner process has terminated: exit'])(
  'H30 ollama: "%s" would happen again on the same machine',
  async (error) => {
    await expectRefused(wireNamed('ollama'), {
      reply: { status: 500, error: { body: { error } } },
      kind: 'server',
      facts: { status: 500, retryable: false },
      breaker: 'model',
    })
  },
)

/** A gigabyte is announced and would be sent; the server sees the client leave. */
async function expectBodyUnread(wire: Wire, status: number, kind: string, start: string): Promise<void> {
  await using emulator = await startEmulator()
  const head = `HTTP/1.1 ${status} No\r\ncontent-type: application/json\r\ncontent-length: 1073741824\r\n\r\n`
  emulator.enqueue(wire.wire, { raw: [head, start, { repeat: 'x'.repeat(65_536), times: 16_384 }] })
  const llm = createLLM({
    providers: [providerOf(wire, emulator)],
    model: { provider: wire.name, model: wire.model },
    maxOutputTokens: 20,
    fallbacks: [{ trigger: ['error', 'overloaded'], action: 'wait_and_retry', maxRetries: 0 }],
  })
  await expect(llm.complete({ messages: 'Hello?' })).rejects.toMatchObject({ kind, status, billed: 'no', costUsd: 0 })
  await llm.close()
  expect(emulator.requests).toHaveLength(1)
  for (let turn = 0; turn < 1_000 && emulator.openSockets > 0; turn++)
    await new Promise((resolve) => setImmediate(resolve))
  expect(emulator.openSockets).toBe(0)
  expect(emulator.requests[0]?.closedEarly).toBe(true)
}
