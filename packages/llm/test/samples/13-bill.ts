import { llm } from './01-quick-start.ts'
const report = await llm.costs.report({ by: ['agent', 'model', 'tag:team'], from: new Date(0) })
for (const row of report.rows) console.log(row.agent, row.model, row['tag:team'], row.costUsd)
const res = await llm.complete({ session: 's', messages: 'x' })
for (const a of res.attempts)
  console.log(a.provider, a.model, a.outcome === 'ok' ? 'ok' : a.kind, a.costUsd, a.usageSource)
console.log((await llm.costs.session('s')).costUsd, (await llm.costs.agents()).length)
