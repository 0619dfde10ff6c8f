// oxlint-disable vitest/expect-expect -- expectRefused expects
import { startEmulator } from '@wayfare/emulator'
import type { Failure } from '@wayfare/emulator'
import { createLLM } from '@wayfare/llm'
import { describe, expect, test } from 'vitest'
import { observe } from './kit/observe.ts'
import { expectAlone, expectRefused, rescuerOf, switching } from './kit/refusal.ts'
import { canaryKey, providerOf, wireNamed, wires } from './kit/wires.ts'

const openaiWires = wires.filter((wire) => wire.wire === 'openai')
/** The vendors that say 402; OpenAI says the same with 429, Anthropic with 400 as well. */
const paymentWires = wires.filter((wire) => wire.wire !== 'openai')

describe.each(wires)('$name', (wire) => {
  test(`H04 ${wire.name}: 400 for an empty balance is a matter of money`, async () => {
    const words = 'Your credit balance is too low to access the API.'
    const reply: Failure =
      wire.name === 'anthropic'
        ? { error: 'billing' }
        : { status: 400, error: { body: wire.name === 'ollama' ? { error: words } : { error: { message: words } } } }
    await expectRefused(wire, {
      reply,
      kind: 'billing',
      facts: { status: 400, retryable: false },
      trigger: 'low_funds',
      breaker: 'credential',
    })
  })

  test(`H05 ${wire.name}: a wrong key is told loudly and every model behind it is closed`, async () => {
    await expectRefused(wire, {
      reply: { error: 'auth' },
      kind: 'auth',
      facts: { retryable: false, message: expect.stringContaining('refused the API key') },
      breaker: 'credential',
    })
  })

  test(`H05 ${wire.name}: a function that gave a refused key is asked for another once, inside the same attempt`, async () => {
    const keys = ['sk-worn-out-0001', 'sk-renewed-0002']
    await using emulator = await startEmulator({ keys: keys.slice(1) })
    let asked = 0
    const provider = wire.make({ baseURL: emulator.baseURL(wire.wire), apiKey: () => keys[asked++] ?? 'none' })
    const llm = createLLM({ providers: [provider], model: { provider: wire.name, model: wire.model } })
    const response = await llm.complete({ messages: 'Hello?', maxOutputTokens: 50 })
    await llm.close()
    expect(response.finishReason).toBe('stop')
    expect(response.attempts).toHaveLength(1)
    expect(asked).toBe(2)
    expect(emulator.requests).toHaveLength(2)
  })

  test(`H05 ${wire.name}: one that stays wrong is sent twice at most`, async () => {
    await using emulator = await startEmulator()
    emulator.answer(wire.wire, () => ({ status: 401, error: 'auth' }))
    let asked = 0
    const provider = wire.make({ baseURL: emulator.baseURL(wire.wire), apiKey: () => `sk-wrong-${asked++}` })
    const llm = createLLM({ providers: [provider], model: { provider: wire.name, model: wire.model } })
    await expect(llm.complete({ messages: 'Hello?', maxOutputTokens: 50 })).rejects.toMatchObject({ kind: 'auth' })
    await llm.close()
    expect(emulator.requests).toHaveLength(2)
  })

  test(`H09 ${wire.name}: a model that the key may not use leaves other models open`, async () => {
    await expectRefused(wire, {
      reply: { error: 'permission' },
      kind: 'permission',
      facts: { status: 403, retryable: false },
      breaker: 'nothing',
    })
  })

  const region = 'Country, region, or territory not supported'
  const regions: { readonly [name: string]: unknown } = {
    anthropic: { type: 'error', error: { type: 'permission_error', message: region } },
    google: { error: { code: 403, status: 'PERMISSION_DENIED', message: region } },
    ollama: { error: region },
  }

  test.each<Failure>([
    { status: 403, error: { body: regions[wire.name] ?? { error: { message: region } } } },
    { status: 451, error: { body: '<html>Unavailable For Legal Reasons</html>', contentType: 'text/html' } },
    { status: 451, error: 'permission' },
  ])(`H10 ${wire.name}: a region that is not served closes the key (%#)`, async (reply) => {
    await expectRefused(wire, {
      reply,
      kind: 'region_blocked',
      facts: { status: reply.status, retryable: false },
      breaker: 'credential',
    })
  })
})

describe.each(paymentWires)('$name', (wire) => {
  test(`H06 ${wire.name}: 402 is a matter of money, never waited for`, async () => {
    const body = { type: 'error', error: { type: 'billing_error', message: 'Payment required' } }
    await expectRefused(wire, {
      reply: wire.name === 'anthropic' ? { status: 402, error: { body } } : { error: 'billing' },
      kind: 'billing',
      facts: { status: 402, retryable: false },
      trigger: 'low_funds',
      breaker: 'credential',
    })
  })
})

describe.each(openaiWires)('$name', (wire) => {
  test.each<[string, unknown]>([
    ['DeepSeek', { error: { message: 'Insufficient Balance', type: 'unknown_error', code: 'invalid_request_error' } }],
    ['a gateway', { detail: 'Payment Required' }],
  ])(`H06 ${wire.name}: 402 of %s is a matter of money`, async (_, body) => {
    await expectRefused(wire, {
      reply: { status: 402, error: { body } },
      kind: 'billing',
      facts: { status: 402, retryable: false },
      trigger: 'low_funds',
      breaker: 'credential',
    })
  })

  test.each([
    'insufficient_quota',
    'credit_balance_exhausted',
    'organization_spend_limit_exceeded',
    'project_spend_limit_exceeded',
    'organization_usage_limit_exceeded',
  ])(`H19 ${wire.name}: 429 %s is a matter of money: sent once, never waited for`, async (code) => {
    const body = {
      error: { message: 'You exceeded your current quota.', type: 'insufficient_quota', param: null, code },
    }
    await expectRefused(wire, {
      reply: { status: 429, error: { body }, retryAfter: '1' },
      kind: 'billing',
      facts: { status: 429, code, retryable: false },
      trigger: 'low_funds',
      breaker: 'credential',
    })
  })

  test.each([
    'credit_balance_exhausted',
    'organization_spend_limit_exceeded',
    'project_spend_limit_exceeded',
    'organization_usage_limit_exceeded',
  ])(`H19 ${wire.name}: 429 %s is a matter of money by its code alone`, async (code) => {
    const body = { error: { message: 'No.', type: 'requests', code } }
    await expectAlone(wire, {
      reply: { status: 429, error: { body } },
      kind: 'billing',
      facts: { code, retryable: false },
      breaker: 'credential',
    })
  })
})

test.each(['budget_exceeded', 'token_quota_reached'])(
  'H19 openai-compatible: 429 %s of a gateway is a matter of money',
  async (code) => {
    await expectRefused(wireNamed('openai-compatible'), {
      reply: { status: 429, error: { body: { error: { message: 'No.', type: code, code: '429' } } } },
      kind: 'billing',
      facts: { retryable: false },
      trigger: 'low_funds',
      breaker: 'credential',
    })
  },
)

describe('money', () => {
  const anthropic = wireNamed('anthropic')
  const openrouter = wireNamed('openrouter')
  const google = wireNamed('google')

  test.each(['', 'workspace '])('H04 anthropic: 400 for its own %sspend limit is a matter of money', async (whose) => {
    const message = `You have reached your specified ${whose}API usage limits. You will regain access soon.`
    await expectRefused(anthropic, {
      reply: { status: 400, error: { body: { type: 'error', error: { type: 'invalid_request_error', message } } } },
      kind: 'billing',
      facts: { status: 400, retryable: false },
      trigger: 'low_funds',
      breaker: 'credential',
    })
  })

  test('H07 openrouter: money set aside for calls under way comes back, and is waited for', async () => {
    const body = {
      error: {
        code: 402,
        message: 'Insufficient credits for this request',
        metadata: { limit_source: 'openrouter_in_flight_budget' },
      },
    }
    await expectRefused(openrouter, {
      reply: { status: 402, error: { body }, retryAfter: '2' },
      kind: 'rate_limit',
      facts: { status: 402, retryable: true, retryAfterMs: 2_000 },
      sent: 3,
      waits: [2_100, 2_100],
      breaker: { cooldownMs: 2_000 },
    })
  })

  test('H07 openrouter: without a time to wait for it is a matter of money', async () => {
    const body = { error: { code: 402, message: 'No.', metadata: { limit_source: 'openrouter_in_flight_budget' } } }
    await expectAlone(openrouter, {
      reply: { status: 402, error: { body } },
      kind: 'billing',
      facts: { retryable: false },
      breaker: 'credential',
    })
  })

  test.each(['openrouter_guardrail_budget', 'openrouter_workspace_budget', 'key_limit'])(
    'H06 openrouter: 403 for %s is a matter of money',
    async (source) => {
      const body = { error: { code: 403, message: 'Limit exceeded', metadata: { limit_source: source } } }
      await expectRefused(openrouter, {
        reply: { status: 403, error: { body } },
        kind: 'billing',
        facts: { status: 403 },
        trigger: 'low_funds',
        breaker: 'credential',
      })
    },
  )

  test('H20 anthropic: an enforced spend limit ends with the month, and is not waited for', async () => {
    const error = {
      type: 'rate_limit_error',
      message: 'This organization has reached its enforced spend limit.',
      details: { error_code: 'enforced_spend_limit_reached' },
    }
    const reply = { status: 429, error: { body: { type: 'error', error } } }
    await expectRefused(anthropic, {
      reply,
      kind: 'billing',
      facts: { status: 429, code: 'enforced_spend_limit_reached', retryable: false },
      trigger: 'low_funds',
      breaker: 'credential',
    })
    const seen = await observe('complete', { wire: anthropic, replies: [reply] })
    const resumes = new Date(Date.now() + (seen.error?.retryAfterMs ?? 0) + 60_000)
    expect(resumes.getUTCDate()).toBe(1)
    expect(resumes.getUTCHours()).toBe(0)
    expect(resumes.getTime()).toBeGreaterThan(Date.now())
  })

  test.each<[string, number, string]>([
    ['a region', 400, 'User location is not supported for the API use.'],
    ['the free tier', 400, 'Gemini API free tier is not available in your country. Please enable billing later.'],
  ])('H10 google: a failed precondition for %s closes the key', async (_, status, message) => {
    await expectRefused(google, {
      reply: { status, error: { body: { error: { code: status, message, status: 'FAILED_PRECONDITION' } } } },
      kind: 'region_blocked',
      facts: { status, retryable: false },
      breaker: 'credential',
    })
  })

  test('H10 openrouter: a model that is not served in a region says so in its availability', async () => {
    const availability = { code: 'region_restricted', retryable: false }
    const body = { error: { code: 403, message: 'No.', metadata: { error_type: 'permission_denied' }, availability } }
    await expectRefused(openrouter, {
      reply: { status: 403, error: { body } },
      kind: 'region_blocked',
      facts: { status: 403, retryable: false },
      breaker: 'credential',
    })
  })

  test('H05 google: a wrong key is told with 400, by its reason', async () => {
    await expectAlone(google, { reply: { error: 'auth' }, kind: 'auth', facts: { status: 400 }, breaker: 'credential' })
  })

  test('H22 google: a limit of zero is no permission, and closes the model at once', async () => {
    const message = 'Quota exceeded for metric: generate_content_free_tier_requests, limit: 0, model: gemini-3.5-pro'
    await expectRefused(google, {
      reply: { status: 429, error: { body: { error: { code: 429, message, status: 'RESOURCE_EXHAUSTED' } } } },
      kind: 'permission',
      facts: { status: 429, retryable: false },
      breaker: 'model_at_once',
    })
  })
})

test('H05 anthropic: a fallback after a wrong key is seen by whoever listens', async () => {
  const wire = wireNamed('anthropic')
  const other = rescuerOf(wire)
  await using emulator = await startEmulator()
  emulator.enqueue(wire.wire, { error: 'auth' })
  const llm = createLLM({
    providers: [providerOf(wire, emulator), providerOf(other, emulator)],
    model: { provider: wire.name, model: wire.model },
    fallbacks: [switching('error', other)],
  })
  const heard: unknown[] = []
  llm.on('breaker', (event) => heard.push(event))
  llm.on('attempt', ({ provider, outcome }) => heard.push({ provider, outcome }))
  const response = await llm.complete({ messages: 'Hello?', maxOutputTokens: 50 })
  await llm.close()
  expect(response.provider).toBe(other.name)
  expect(heard).toEqual([
    { provider: wire.name, outcome: 'failed' },
    { key: wire.name, state: 'open' },
    { provider: other.name, outcome: 'ok' },
  ])
  expect(JSON.stringify(heard)).not.toContain(canaryKey)
})
