import { expect, test } from 'vitest'
import { LLMError } from '@wayfare/core'
import { finish, text, usage } from './kit/events.ts'
import type { Script } from './kit/provider.ts'
import { rig } from './kit/rig.ts'

const counted = (input: number): Script => [text('a'), usage({ input, output: 1 }), finish()]
const broken: Script = [text('a'), new LLMError('network', 'the connection broke')]
const words = 'tenletters'.repeat(40)

/** What the input of the last call is charged for, after those before it. */
async function inputOf(calls: readonly { script: Script; session?: string; messages?: string }[]): Promise<unknown> {
  const { router, clock, ledger } = rig({ a: calls.map(({ script }) => script) }, { onInterrupt: 'fail' })
  for (const { session, messages = words } of calls)
    await clock.run(router.complete({ messages, session }).catch(() => {}))
  return ledger.settlements.at(-1)?.usage.input
}

const other = { script: counted(60), session: 'other' }

test.each<[string, Parameters<typeof inputOf>[0], number]>([
  ['by its bytes, while no vendor has counted', [{ script: broken }], 126],
  ['by what the model counted last', [{ script: counted(208) }, { script: broken }], 208],
  ['in proportion', [{ script: counted(208) }, { script: broken, messages: words.repeat(2) }], 408],
  [
    'by what its own session was counted for, before all others',
    [{ script: counted(208), session: 's' }, other, { script: broken, session: 's' }],
    208,
  ],
  ['as if nothing had been counted, where a vendor counted nothing', [{ script: counted(0) }, { script: broken }], 126],
  ['never beyond its bytes', [{ script: counted(90_000) }, { script: broken }], 378],
])('the input of an attempt that broke is estimated %s', async (_, calls, input) => {
  expect(await inputOf(calls)).toBe(input)
})

test('not even that of a long text which ends otherwise than it began is estimated beyond its bytes', async () => {
  const messages = '語'.repeat(2 ** 20) + words.repeat(10_000)
  const input = await inputOf([{ script: counted(90_000) }, { script: broken, messages }])
  expect(input).toBeLessThanOrEqual(Buffer.byteLength(messages))
})
