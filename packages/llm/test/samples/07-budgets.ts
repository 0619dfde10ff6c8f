import { anthropic } from '@wayfare/anthropic'
import { BudgetError } from '@wayfare/core'
import { createLLM } from '@wayfare/llm'
const llm = createLLM({
  providers: [anthropic()],
  model: 'anthropic/claude-sonnet-5-5',
  limits: {
    session: { soft: 0.5, hard: 2 },
    agents: { support: { hard: 20, window: 'day' } },
    global: { hard: 500, window: 'month' },
    tags: { team: { red: { hard: 3 } } },
  },
})
try {
  await llm.complete({ session: 'support:web:42', agent: 'support', tags: { team: 'red' }, messages: 'Hello' })
} catch (error) {
  if (!BudgetError.is(error)) throw error
  const who = error.scope.kind === 'global' ? 'everything' : error.scope.id
  console.log(
    `${error.scope.kind} ${who}: ${error.reason}, $${error.limitUsd}, back ${error.resetsAt?.toISOString() ?? 'never'}`,
  )
}
console.log(await llm.costs.check('support:web:42'))
llm.costs.setLimits({ kind: 'agent', id: 'support' }, { hard: 30, window: 'day' })
