import { expect, test } from 'vitest'
import { askedOutput, counted, limited, paidWires, tell } from '../faults/kit/money.ts'
import { onStage } from '../faults/kit/stage.ts'

test.each(paidWires)(
  '$name: a call that does not fit asks for as much output as there is money for, and says so',
  async (wire) => {
    await onStage(
      wire,
      async ({ emulator, llm }) => {
        emulator.enqueue(wire.wire, await counted(wire, { text: 'Hi.', usage: { input: 10, output: 250 } }))
        // Ten cents for a thousand tokens: five cents pay for five hundred.
        const { response } = await tell(llm, { maxOutputTokens: 5_000 })
        expect(emulator.requests.map(({ body }) => askedOutput(body))).toEqual([500])
        expect(response?.warnings).toMatchObject([{ code: 'max_output_tokens_reduced' }])
        expect(response?.costUsd).toBe(0.025)
        expect(await llm.costs.global()).toMatchObject({ costUsd: 0.025, pendingUsd: 0 })
      },
      limited({ global: { hard: 0.05 } }, { onBudget: 'shrink' }),
    )
  },
)
