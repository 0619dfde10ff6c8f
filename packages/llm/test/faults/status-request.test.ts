// oxlint-disable vitest/expect-expect -- expectRefused expects
import type { Reply } from '@wayfare/emulator'
import { describe, expect, test } from 'vitest'
import { observe } from './kit/observe.ts'
import { expectRefused, rescuerOf, switching } from './kit/refusal.ts'
import { wireNamed, wires } from './kit/wires.ts'

/** The CDN in front of a vendor answers in its own words. */
const page = (title: string): { body: string; contentType: string } => ({
  body: `<html><head><title>${title}</title></head><body>cloud</body></html>`,
  contentType: 'text/html',
})

/** Google says it inside a successful answer, which is told apart below; Ollama filters nothing. */
const filtering = wires.filter((wire) => wire.name !== 'google' && wire.name !== 'ollama')

describe.each(wires)('$name', (wire) => {
  test(`H01 ${wire.name}: a malformed request is told at once and sent nowhere else`, async () => {
    await expectRefused(wire, {
      reply: { error: 'bad_request' },
      kind: 'bad_request',
      facts: { status: 400, retryable: false },
      trigger: 'none',
      breaker: 'nothing',
    })
  })

  test(`H02 ${wire.name}: too long a context goes only where a rule for it leads`, async () => {
    await expectRefused(wire, {
      reply: { error: 'context_length' },
      kind: 'context_length',
      facts: { status: 400, retryable: false },
      trigger: 'context_length',
      breaker: 'nothing',
    })
  })

  test(`H16 ${wire.name}: too large a request is refused by the page of a CDN, and another target may take it`, async () => {
    await expectRefused(wire, {
      reply: { status: 413, error: page('413 Payload Too Large') },
      kind: 'request_too_large',
      facts: { status: 413, retryable: false, message: expect.not.stringContaining('html') },
      breaker: 'nothing',
    })
  })

  test(`H16 ${wire.name}: too large a request is refused by the vendor itself`, async () => {
    await expectRefused(wire, {
      reply: { error: 'too_large' },
      kind: 'request_too_large',
      facts: { status: 413, retryable: false },
      breaker: 'nothing',
    })
  })

  test(`H17 ${wire.name}: 422 is a malformed request`, async () => {
    await expectRefused(wire, {
      reply: { status: 422, error: 'bad_request' },
      kind: 'bad_request',
      facts: { status: 422, retryable: false },
      trigger: 'none',
      breaker: 'nothing',
    })
  })

  test.each<Reply>([
    { status: 418, error: { body: 'short and stout' } },
    { status: 418, error: { body: {} } },
    { status: 418, error: 'bad_request' },
  ])(
    `H44 ${wire.name}: an unknown status below 500 is the request's fault, yet another target may take it (%#)`,
    async (reply) => {
      await expectRefused(wire, {
        reply,
        kind: 'bad_request',
        facts: { status: 418, retryable: false },
        breaker: 'nothing',
      })
    },
  )

  test.each<Reply>([
    { status: 599, error: { body: 'what?' } },
    { status: 599, error: 'server' },
  ])(`H44 ${wire.name}: an unknown status of 500 and more is a failure of the server (%#)`, async (reply) => {
    await expectRefused(wire, {
      reply,
      kind: 'server',
      facts: { status: 599, retryable: true },
      sent: 3,
      breaker: 'model',
    })
  })
})

describe.each(filtering)('$name', (wire) => {
  const status = wire.name === 'openrouter' ? 403 : 400

  test(`H03 ${wire.name}: refused content goes only where a rule for it leads`, async () => {
    await expectRefused(wire, {
      reply: { error: 'content_filter' },
      kind: 'content_filter',
      facts: { status, phase: 'input', retryable: false },
      trigger: 'content_filter',
      breaker: 'nothing',
    })
  })
})

describe('H03', () => {
  const google = wireNamed('google')

  // A blocked prompt is read by the model that blocks it: the vendor says how many tokens that were.
  test.each([true, false])(
    'H03 google: a blocked prompt is an error of its own, and the prompt is paid for (stream: %s)',
    async (stream) => {
      const script = { wire: google, replies: [{ error: 'content_filter' }] as const, call: { stream } }
      for (const face of ['events', 'text'] as const) {
        const seen = await observe(face, script)
        expect(seen.error).toMatchObject({ kind: 'content_filter', phase: 'input', code: 'PROHIBITED_CONTENT' })
        expect(seen.requests).toHaveLength(1)
        expect(seen.shown).toBe('')
        expect(seen.attempts).toMatchObject([{ usage: { input: 12, output: 0 }, usageSource: 'partial' }])
        expect(seen.bookedUsd).toBe(12 / 1e6)
      }
    },
  )

  test('H03 google: another target answers only when a rule says so', async () => {
    const fallback = rescuerOf(google)
    const script = { wire: google, replies: [{ error: 'content_filter' }] as const, fallback }
    const unnamed = await observe('events', { ...script, options: { fallbacks: [switching('error', fallback)] } })
    expect(unnamed.error?.kind).toBe('content_filter')
    expect(unnamed.requests).toHaveLength(1)
    const named = await observe('events', {
      ...script,
      options: { fallbacks: [switching('content_filter', fallback)] },
    })
    expect(named.response?.text).toBe('Rescued whole.')
    expect(named.bookedUsd).toBeGreaterThan(12 / 1e6)
  })
})

describe('H08', () => {
  const openrouter = wireNamed('openrouter')

  test('H08 openrouter: flagged input is told in the details alone, and goes nowhere else by default', async () => {
    const metadata = { reasons: ['violence'], flagged_input: 'the flagged words', provider_name: 'Host' }
    const body = { error: { code: 403, message: 'Your input was flagged', metadata } }
    const reply = { status: 403, error: { body } }
    await expectRefused(openrouter, {
      reply,
      kind: 'content_filter',
      facts: { status: 403, phase: 'input', retryable: false, message: expect.not.stringContaining('flagged words') },
      trigger: 'content_filter',
      breaker: 'nothing',
    })
    const { error } = await observe('complete', { wire: openrouter, replies: [reply] })
    expect(error?.details.providerMessage).toContain('the flagged words')
    expect(error?.details.providerMessage).toContain('Your input was flagged')
    expect(JSON.stringify(error)).not.toContain('flagged words')
    expect(String(error?.stack)).not.toContain('flagged words')
  })
})
