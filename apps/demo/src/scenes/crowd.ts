import { BudgetError } from '@wayfare/llm'
import { usd } from '../screen.ts'
import { mini } from '../stage.ts'
import type { Scene, Stage } from '../stage.ts'

const calls = 200

export const crowd: Scene = {
  title: `${calls} calls at once meet a hard limit`,
  async play(stage) {
    const { emulator, llm, screen } = stage
    const { agent, limitUsd } = stage.crowd
    emulator.answer('openai', () => ({ text: 'Yes.', usage: { input: 30, output: 60 }, delayMs: 20 }))
    let highestUsd = 0
    const stopWatching = llm.on('attempt', () => {
      void crowdSpend(stage).then((sum) => (highestUsd = Math.max(highestUsd, sum)))
    })
    const outcomes = await Promise.all(
      Array.from({ length: calls }, async (_, index) => {
        try {
          await llm.complete({
            session: `${agent}:${index}`,
            agent,
            model: mini,
            messages: `Is ${index} a number?`,
            maxOutputTokens: 100,
          })
          return 'answered'
        } catch (error) {
          if (BudgetError.is(error)) return 'refused'
          throw error
        }
      }),
    )
    stopWatching()
    const answered = outcomes.filter((outcome) => outcome === 'answered').length
    const spentUsd = await crowdSpend(stage)
    if (Math.max(highestUsd, spentUsd) > limitUsd) throw new Error('the limit did not hold')
    screen.note(`the limit is ${usd(limitUsd)} for all of them`)
    screen.note(`${answered} answered, ${calls - answered} refused before anything was sent`)
    screen.note(
      `spent ${usd(spentUsd)}; with what was set aside for calls under way never more than ${usd(highestUsd)}`,
    )
  },
}

/** What the crowd has spent, and what is set aside for its calls under way. */
async function crowdSpend({ llm, crowd: { agent } }: Stage): Promise<number> {
  const [limit] = (await llm.costs.left({ agent })).filter(({ scope }) => scope.kind === 'agent')
  return limit === undefined ? 0 : limit.spentUsd + limit.pendingUsd
}
