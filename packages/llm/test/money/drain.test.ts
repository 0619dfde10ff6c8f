import { expect, test } from 'vitest'
import { counted, limited, paidWires } from '../faults/kit/money.ts'
import { onStage } from '../faults/kit/stage.ts'

/** 900 tokens, of which its reader sees a few. */
const answer = { text: 'One two three four five.', usage: { input: 10, output: 900 }, paceMs: 4 }

test.each(paidWires)(
  '$name: a call that is left at its first word is billed by what the vendor reports at its end, when it is drained',
  async (wire) => {
    const options = limited({ global: { hard: 1 } })
    await onStage(
      wire,
      async ({ emulator, llm }) => {
        emulator.enqueue(wire.wire, await counted(wire, answer))
        for await (const { type } of llm.stream({ messages: 'Hello?', onAbort: 'drain' })) {
          if (type === 'text_delta') break
        }
        await llm.close()
        expect(emulator.requests.map(({ closedEarly }) => closedEarly)).toEqual([false])
        expect(await options.costs.global()).toMatchObject({ costUsd: 0.09, pendingUsd: 0, attempts: 1, messages: 0 })
      },
      options,
    )
  },
)
