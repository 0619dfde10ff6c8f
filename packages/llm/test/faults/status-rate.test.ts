// oxlint-disable vitest/expect-expect -- expectRefused expects
import type { Failure } from '@wayfare/emulator'
import { describe, expect, test } from 'vitest'
import { coolingAfter } from './kit/breakers.ts'
import { observe } from './kit/observe.ts'
import { expectAlone, expectElsewhere, expectRefused, expectWaits, rescuerOf } from './kit/refusal.ts'
import { wireNamed, wires } from './kit/wires.ts'

const limited = (headers: Readonly<Record<string, string>>): Failure => ({ error: 'rate_limit', headers })
const httpDate = (ms: number): string => new Date(ms).toUTCString()

describe.each(wires)('$name', (wire) => {
  // Google has no such header, and writes the same into RetryInfo: the emulator knows.
  test(`H18 ${wire.name}: a rate limit is waited for as long as the server asked, and a little more`, async () => {
    await expectRefused(wire, {
      reply: { error: 'rate_limit', retryAfter: '2' },
      kind: 'rate_limit',
      facts: { status: 429, retryable: true, retryAfterMs: 2_000 },
      sent: 3,
      waits: [2_100, 2_100],
      breaker: { cooldownMs: 2_000 },
    })
    await expectElsewhere(wire, {
      reply: { error: 'rate_limit', retryAfter: '2' },
      kind: 'rate_limit',
      sent: 3,
      trigger: 'rate_limit',
      breaker: 'nothing',
    })
  })

  test(`H18 ${wire.name}: without a word on time the wait is our own`, async () => {
    await expectRefused(wire, {
      reply: { error: 'rate_limit' },
      kind: 'rate_limit',
      facts: { status: 429, retryable: true, retryAfterMs: undefined },
      sent: 3,
      breaker: 'nothing',
    })
  })

  test(`H23 ${wire.name}: two minutes are not waited for: the call goes elsewhere at once`, async () => {
    await expectRefused(wire, {
      reply: { error: 'rate_limit', retryAfter: '120' },
      kind: 'rate_limit',
      facts: { status: 429, retryAfterMs: 120_000 },
      sent: 1,
      breaker: { cooldownMs: 120_000 },
    })
    const fallback = rescuerOf(wire)
    const seen = await observe('events', { wire, replies: [{ error: 'rate_limit', retryAfter: '120' }], fallback })
    expectWaits(seen, [])
  })

  test(`H23 ${wire.name}: a wait beyond the deadline is not begun`, async () => {
    const seen = await observe('events', {
      wire,
      replies: [{ error: 'rate_limit', retryAfter: '30' }],
      call: { timeout: 20_000 },
    })
    expect(seen.error).toMatchObject({ kind: 'rate_limit', retryAfterMs: 30_000 })
    expect(seen.requests).toHaveLength(1)
    expectWaits(seen, [])
  })

  test(`H24 ${wire.name}: a wait of years is not waited for, and forgotten after an hour`, async () => {
    await expectRefused(wire, {
      reply: { error: 'rate_limit', retryAfter: '99999999' },
      kind: 'rate_limit',
      facts: { status: 429, retryAfterMs: 99_999_999_000 },
      sent: 1,
      breaker: { cooldownMs: 3_600_000 },
    })
  })

  test(`H25 ${wire.name}: a retry-after of nonsense is none, and the wait is our own`, async () => {
    await expectRefused(wire, {
      reply: limited({ 'retry-after': 'soon' }),
      kind: 'rate_limit',
      facts: { status: 429, retryable: true, retryAfterMs: undefined },
      sent: 3,
      breaker: 'nothing',
    })
  })

  test.each(['-5', '', '5, 10', 'NaN', '1e3', 'Infinity'])(
    `H25 ${wire.name}: retry-after %j is nonsense as well`,
    async (value) => {
      const reply = limited({ 'retry-after': value })
      const seen = await observe('events', { wire, replies: [reply, reply, reply] })
      expect(seen.error?.kind).toBe('rate_limit')
      expect(seen.error?.retryAfterMs).toBeUndefined()
      expect(seen.requests).toHaveLength(3)
      expectWaits(seen, [250, 500])
      expect(await coolingAfter(wire, reply, [0])).toEqual([false])
    },
  )

  const second = Math.floor(Date.now() / 1_000) * 1_000
  const hour = 3_600_000

  test.each([
    ['by a clock that agrees', 0],
    ['by a clock that is an hour ahead', hour],
    ['by a clock that is an hour behind', -hour],
  ])(`H26 ${wire.name}: a date is waited for %s`, async (_, skew) => {
    const headers = { date: httpDate(second + skew), 'retry-after': httpDate(second + skew + 30_000) }
    await expectRefused(wire, {
      reply: limited(headers),
      kind: 'rate_limit',
      facts: { status: 429, retryAfterMs: 30_000 },
      sent: 3,
      waits: [31_500, 31_500],
      breaker: { cooldownMs: 30_000 },
    })
  })

  test(`H26 ${wire.name}: a date in the past is nonsense, and the wait is our own`, async () => {
    await expectRefused(wire, {
      reply: limited({ date: httpDate(second), 'retry-after': httpDate(second - 30_000) }),
      kind: 'rate_limit',
      facts: { status: 429, retryable: true, retryAfterMs: undefined },
      sent: 3,
      breaker: 'nothing',
    })
  })

  test(`H27 ${wire.name}: milliseconds beat seconds`, async () => {
    await expectAlone(wire, {
      reply: limited({ 'retry-after-ms': '250', 'retry-after': '60' }),
      kind: 'rate_limit',
      facts: { status: 429, retryAfterMs: 250 },
      sent: 3,
      waits: [263, 500],
      breaker: 'nothing',
    })
    await expectRefused(wire, {
      reply: limited({ 'retry-after-ms': '20000', 'retry-after': '60' }),
      kind: 'rate_limit',
      facts: { status: 429, retryAfterMs: 20_000 },
      sent: 3,
      waits: [21_000, 21_000],
      breaker: { cooldownMs: 20_000 },
    })
  })
})

test('H25 anthropic: two retry-after headers are nonsense, and the wait is our own', async () => {
  const body = JSON.stringify({ type: 'error', error: { type: 'rate_limit_error', message: 'No.' } })
  const head = `HTTP/1.1 429 No\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n`
  await expectAlone(wireNamed('anthropic'), {
    reply: { raw: [`${head}retry-after: 5\r\nretry-after: 10\r\nconnection: close\r\n\r\n${body}`] },
    kind: 'rate_limit',
    facts: { status: 429, retryAfterMs: undefined },
    sent: 3,
    breaker: 'nothing',
  })
})

describe('quotas', () => {
  const google = wireNamed('google')

  const quota = (quotaId: string, retryDelay: string): Failure => {
    const details = [
      { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [{ quotaId, quotaValue: '50' }] },
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay },
    ]
    const error = { code: 429, message: 'You exceeded your current quota.', status: 'RESOURCE_EXHAUSTED', details }
    return { status: 429, error: { body: { error } } }
  }

  test.each(['35640s', '9h54m0s'])('H21 google: a daily quota is spent until it begins anew, in %s', async (delay) => {
    await expectRefused(google, {
      reply: quota('GenerateRequestsPerDayPerProjectPerModel-FreeTier', delay),
      kind: 'rate_limit',
      facts: { status: 429, code: 'daily_quota', retryable: false, retryAfterMs: 35_640_000 },
      breaker: { cooldownMs: 35_640_000 },
    })
  })

  test('H21 google: a daily quota is not waited for, however short the delay', async () => {
    await expectAlone(google, {
      reply: quota('GenerateRequestsPerDayPerProjectPerModel', '10s'),
      kind: 'rate_limit',
      facts: { code: 'daily_quota', retryable: false, retryAfterMs: 10_000 },
      breaker: { cooldownMs: 10_000 },
    })
  })

  test('H18 google: a quota per minute is waited for as RetryInfo says', async () => {
    await expectRefused(google, {
      reply: quota('GenerateRequestsPerMinutePerProjectPerModel', '34.4s'),
      kind: 'rate_limit',
      facts: { status: 429, retryable: true, retryAfterMs: 34_400 },
      sent: 3,
      waits: [36_120, 36_120],
      breaker: { cooldownMs: 34_400 },
    })
  })

  test.each(['soon', '-5s', ''])(
    'H25 google: a retry delay of %j is nonsense, and the wait is our own',
    async (delay) => {
      await expectRefused(google, {
        reply: quota('GenerateRequestsPerMinutePerProjectPerModel', delay),
        kind: 'rate_limit',
        facts: { status: 429, retryable: true },
        sent: 3,
        breaker: 'nothing',
      })
    },
  )

  test('H18 openai: without retry-after, the wait is until the limit that was hit is whole again', async () => {
    await expectRefused(wireNamed('openai'), {
      reply: limited({
        'x-ratelimit-remaining-requests': '3',
        'x-ratelimit-reset-requests': '1s',
        'x-ratelimit-remaining-tokens': '0',
        'x-ratelimit-reset-tokens': '6s',
      }),
      kind: 'rate_limit',
      facts: { status: 429, retryAfterMs: 6_000 },
      sent: 3,
      waits: [6_300, 6_300],
      breaker: { cooldownMs: 6_000 },
    })
  })

  test('H18 openrouter: availability says how long, in seconds', async () => {
    const availability = { code: 'temporarily_unavailable', retryable: true, retry_after: 4 }
    const error = { code: 429, message: 'No.', metadata: { error_type: 'rate_limit_exceeded' }, availability }
    await expectRefused(wireNamed('openrouter'), {
      reply: { status: 429, error: { body: { error } } },
      kind: 'rate_limit',
      facts: { status: 429, retryAfterMs: 4_000 },
      sent: 3,
      waits: [4_200, 4_200],
      breaker: { cooldownMs: 4_000 },
    })
  })
})

describe('H29', () => {
  test('H29 anthropic: growing too fast is a rate limit like any other', async () => {
    const message = 'This request would exceed your organization’s acceleration limit. Please scale up gradually.'
    await expectRefused(wireNamed('anthropic'), {
      reply: {
        status: 429,
        error: { body: { type: 'error', error: { type: 'rate_limit_error', message } } },
        retryAfter: '3',
      },
      kind: 'rate_limit',
      facts: { status: 429, retryable: true, retryAfterMs: 3_000 },
      sent: 3,
      waits: [3_150, 3_150],
      breaker: { cooldownMs: 3_000 },
    })
  })

  const tokens = (message: string): Failure => ({
    status: 429,
    error: { body: { error: { message, type: 'tokens', param: null, code: 'rate_limit_exceeded' } } },
    retryAfter: '3',
    headers: { 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '6s' },
  })

  describe.each(wires.filter((wire) => wire.wire === 'openai'))('$name', (wire) => {
    test(`H29 ${wire.name}: more tokens than the limit has never fit: no wait, no cooldown, another target`, async () => {
      await expectRefused(wire, {
        reply: tokens('Request too large for gpt on tokens per min (TPM): Limit 30000, Requested 40000. Reduce it.'),
        kind: 'rate_limit',
        facts: { status: 429, code: 'too_large', retryable: false, retryAfterMs: undefined },
        breaker: 'nothing',
      })
    })

    test.each([
      'Rate limit reached for gpt on tokens per min (TPM): Limit 30000, Used 25000, Requested 8000. Try again in 6s.',
      'Request too large for what is left on tokens per min (TPM): Limit 30000, Requested 8000.',
    ])(`H29 ${wire.name}: fewer tokens than the limit has will fit later (%#)`, async (message) => {
      await expectRefused(wire, {
        reply: tokens(message),
        kind: 'rate_limit',
        facts: { status: 429, retryable: true, retryAfterMs: 3_000 },
        sent: 3,
        waits: [3_150, 3_150],
        breaker: { cooldownMs: 3_000 },
      })
    })
  })
})
