import { describe, expect, test } from 'vitest'
import { LLMError } from '@wayfare/core'
import type { ProviderEvent } from '@wayfare/core'
import { finish, text, usage } from './kit/events.ts'
import { Ledger } from './kit/ledger.ts'
import type { Script } from './kit/provider.ts'
import { rig } from './kit/rig.ts'

/** Twenty words of ten bytes: some sixty tokens by estimate, and no more than forty by the vendor's own count. */
const words = text('tenletters'.repeat(20))
const broken = new LLMError('network', 'the connection broke')

async function outputOf(script: Script, maxOutputTokens: number | undefined): Promise<unknown> {
  const { router, clock, ledger } = rig({ a: [script] }, { budget: new Ledger(), fallbacks: [] })
  const call = { messages: 'x', maxOutputTokens, onInterrupt: 'fail' } as const
  await clock.run(router.complete(call).catch(() => undefined))
  return ledger.settlements[0]?.usage.output
}

describe('an estimate never says that a model wrote more than it was allowed to', () => {
  test.each<[string, Script, { free: number; bound: number }]>([
    ['of an answer', [words, finish()], { free: 61, bound: 40 }],
    ['of an answer that counted its input alone', [words, usage({ input: 5 }), finish()], { free: 61, bound: 40 }],
    ['of a stream that broke', [words, broken], { free: 85, bound: 40 }],
    ['of a stream that broke at once', [text('a'), broken], { free: 22, bound: 22 }],
  ])('%s', async (_, script, { free, bound }) => {
    expect(await outputOf(script, undefined)).toBe(free)
    expect(await outputOf(script, 40)).toBe(bound)
  })

  test.each<[string, readonly ProviderEvent[]]>([
    ['answered', [words, usage({ input: 5, output: 55 }), finish()]],
    ['broke', [words, usage({ input: 5, output: 55 })]],
  ])('and what a vendor counted stands, when it %s', async (_, events) => {
    expect(await outputOf(events, 40)).toBe(55)
  })
})
