import { expect, test } from 'vitest'
import type { ProviderEvent, ProviderTraits } from '@wayfare/core'
import { text, usage } from './kit/events.ts'
import { Ledger } from './kit/ledger.ts'
import { rig } from './kit/rig.ts'

/** The bill of a call that is left after its first event. */
async function left(traits: ProviderTraits, budget: Ledger | undefined, first: ProviderEvent = text('a')) {
  const { router, clock, leaks } = rig(
    { a: [[first, text('b'), { stall: 'until_abort' }]] },
    { scripted: { a: { traits } }, budget: budget ?? new Ledger({ worstUsd: Infinity }) },
  )
  const lines: unknown[] = []
  router.on('attempt', (line) => lines.push(line))
  await clock.run(
    (async () => {
      for await (const { type } of router.stream({ messages: 'twelve bytes', maxOutputTokens: 500 }))
        if (type === 'text_delta') break
    })(),
  )
  expect(leaks()).toEqual([])
  return lines[0]
}

const limited = (): Ledger => new Ledger({ worstUsd: 1, hardUsd: 10 })

test.each<[string, ProviderTraits]>([
  ['goes on', { stopsOnAbort: false }],
  ['may go on', {}],
])(
  'a vendor that %s when its client leaves is paid for all that it may write, where a limit must hold',
  async (_, traits) => {
    const expected = {
      outcome: 'cancelled',
      billed: 'yes',
      usageSource: 'worst_case',
      usage: { input: 8, output: 500 },
    }
    expect(await left(traits, limited())).toMatchObject(expected)
  },
)

test('what is known of the input stands, and what is known of the output when it is more', async () => {
  const first = usage({ input: 100, output: 700 })
  expect(await left({}, limited(), first)).toMatchObject({ usageSource: 'partial', usage: { input: 100, output: 700 } })
})

test('a vendor that stops is paid for what it wrote', async () => {
  expect(await left({ stopsOnAbort: true }, limited())).toMatchObject({
    usageSource: 'estimated',
    usage: { output: 22 },
  })
})

test('where no limit must hold, what was received is the better guess', async () => {
  expect(await left({}, undefined)).toMatchObject({ usageSource: 'estimated', usage: { output: 22 } })
})
