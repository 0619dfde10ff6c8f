import { table, usd } from '../screen.ts'
import type { Screen } from '../screen.ts'
import type { Scene } from '../stage.ts'

const crowdSessions = /^crowd:/

/** To the last place, so that whoever adds the lines up comes to the sum. */
const nanos = (amount: number | undefined): string => usd(amount, 9)

export const bill: Scene = {
  title: 'The bill',
  async play({ llm, screen, attempts }) {
    const bySession = await llm.costs.report({ by: ['agent', 'session'] })
    const sessions = bySession.rows.filter((row) => !crowdSessions.test(row.session))
    print(
      screen,
      'per session',
      ['agent', 'session', 'answers', 'attempts', 'cost'],
      sessions.map((row) => [row.agent, row.session, `${row.messages}`, `${row.attempts}`, nanos(row.costUsd)]),
    )
    const byAgent = await llm.costs.report({ by: ['agent'] })
    print(
      screen,
      'per agent',
      ['agent', 'answers', 'attempts', 'cost'],
      [
        ...byAgent.rows.map((row) => [row.agent, `${row.messages}`, `${row.attempts}`, nanos(row.costUsd)]),
        ['all', `${byAgent.total.messages}`, `${byAgent.total.attempts}`, nanos(byAgent.total.costUsd)],
      ],
    )
    const byModel = await llm.costs.report({ by: ['provider', 'model'] })
    print(
      screen,
      'per provider and model',
      ['provider', 'model', 'attempts', 'in', 'out', 'cost'],
      byModel.rows.map((row) => [
        row.provider,
        row.model,
        `${row.attempts}`,
        `${row.inputTokens}`,
        `${row.outputTokens}`,
        nanos(row.costUsd),
      ]),
    )
    const failed = attempts.flatMap((attempt) =>
      attempt.outcome === 'ok'
        ? []
        : [[attempt.provider, attempt.model, attempt.kind, attempt.usageSource, nanos(attempt.costUsd)]],
    )
    print(screen, 'attempts that failed', ['provider', 'model', 'why', 'tokens from', 'cost'], failed)
    const sum = attempts.reduce((total, attempt) => total + Math.round((attempt.costUsd ?? 0) * 1e9), 0) / 1e9
    if (sum !== byAgent.total.costUsd) throw new Error('the attempts do not add up to the bill')
    screen.note(`${attempts.length} attempts add up to ${nanos(sum)}, to the last nano-dollar`)
  },
}

function print(screen: Screen, title: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  screen.line()
  screen.line(`   ${screen.bold(title)}`)
  for (const line of table(head, rows)) screen.line(`   ${line}`)
}
