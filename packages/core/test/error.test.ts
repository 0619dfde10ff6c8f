import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { BudgetError, LLMError } from '@wayfare/core'
import { answered, text } from './kit/events.ts'
import { Ledger } from './kit/ledger.ts'
import { readAll, rig } from './kit/rig.ts'

const canary = 'CANARY-7f3a'
const full = new LLMError('server', 'it broke', {
  provider: 'a',
  model: 'm',
  status: 500,
  code: 'internal',
  requestId: 'req_1',
  retryAfterMs: 5,
  phase: 'headers',
  cause: new Error(canary, { cause: { key: canary } }),
  providerMessage: canary,
  partial: { text: canary, message: { role: 'assistant', content: canary } },
  costUsd: 0.5,
})

describe('is', () => {
  test('knows errors of other copies of the package by their brand', () => {
    const foreign = Object.assign(new Error('x'), { isLLMError: true, kind: 'budget' })
    expect(LLMError.is(foreign)).toBe(true)
    expect(BudgetError.is(foreign)).toBe(true)
    expect(BudgetError.is(full)).toBe(false)
  })

  test.each([undefined, null, 'LLMError', {}, new Error('x'), { isLLMError: 'yes' }])('is false for %j', (value) => {
    expect(LLMError.is(value)).toBe(false)
    expect(BudgetError.is(value)).toBe(false)
  })
})

describe('what is printed', () => {
  test('has the facts', () => {
    expect(full.toJSON()).toEqual({
      name: 'LLMError',
      kind: 'server',
      message: 'it broke',
      retryable: true,
      billed: 'no',
      provider: 'a',
      model: 'm',
      status: 500,
      code: 'internal',
      requestId: 'req_1',
      retryAfterMs: 5,
      phase: 'headers',
      costUsd: 0.5,
      attempts: [],
    })
    expect(inspect(full)).toContain('"status":500')
    expect(full.name).toBe('LLMError')
    expect(full).toBeInstanceOf(Error)
  })

  test.each([
    ['JSON.stringify', () => JSON.stringify(full)],
    ['JSON.stringify in an object', () => JSON.stringify({ error: full })],
    ['String', () => String(full)],
    ['stack', () => full.stack],
    ['inspect', () => inspect(full)],
    ['Node, when nobody caught it', () => inspect({ error: full }, { customInspect: false, depth: null })],
    ['Node, with all that is hidden', () => inspect(full, { customInspect: false, showHidden: true, depth: null })],
    ['a logger that copies what it can enumerate', () => JSON.stringify(Object.entries(full))],
    ['inspect to every depth', () => inspect({ error: full }, { depth: null, showHidden: true })],
  ])('by %s has neither cause, partial answer nor vendor text', (_, print) => {
    expect(print()).not.toContain(canary)
  })

  test('of a call that failed says nothing of prompt, answer or cause either', async () => {
    const failure = new LLMError('server', 'it broke', { cause: canary, providerMessage: canary })
    const { router, clock } = rig(
      { a: [[text(canary), failure]], b: [[new TypeError(canary)]] },
      { fallbacks: ['b/m'] },
    )
    const { error } = await clock.run(readAll(router.stream({ messages: canary, system: canary })))
    for (const printed of [JSON.stringify(error), inspect(error, { depth: null, showHidden: true }), String(error)]) {
      expect(printed).not.toContain(canary)
      expect(printed).toContain('TypeError')
    }
    expect((error as LLMError).partial?.text).toBe(canary)
  })

  test('of a BudgetError has its limit', async () => {
    const { router } = rig({ a: [answered('ok')] }, { budget: new Ledger({ hardUsd: 0 }) })
    const { error } = await readAll(router.stream({ messages: 'x' }))
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({
      name: 'BudgetError',
      kind: 'budget',
      scope: { kind: 'global' },
      limitUsd: 0,
      reason: 'exhausted',
      resetsAt: null,
    })
  })
})

describe('defaults of a kind', () => {
  test.each([
    ['network', true, 'unknown'],
    ['timeout', true, 'unknown'],
    ['server', true, 'no'],
    ['rate_limit', true, 'no'],
    ['protocol', true, 'unknown'],
    ['auth', false, 'no'],
    ['bad_request', false, 'no'],
    ['cancelled', false, 'unknown'],
    ['config', false, 'no'],
  ] as const)('%s: retryable %s, billed %s', (kind, retryable, billed) => {
    expect(new LLMError(kind, 'x')).toMatchObject({ retryable, billed })
  })
})
