import { deepEqual, equal, ok } from 'node:assert/strict'
import { answer } from './answers.ts'
import { replay } from './replay.ts'
import type { Scenario } from './scenario.ts'

export const figures: readonly Scenario[] = [
  answer('usage_early', 'figures that come before the text count', { usage: { input: 7, output: 3 } }),
  answer('usage_late', 'figures that come after the finish reason count', { usage: { input: 7, output: 3 } }),
  answer('usage_repeated', 'of figures that come again and again the last ones count, and nothing is summed', {
    usage: { input: 7, output: 3 },
  }),
  answer('usage_cached', 'cached tokens are counted once, apart from fresh ones', {
    usage: { input: 5, cacheRead: 2, output: 3 },
  }),
  answer('usage_cache_write', 'tokens written to a cache are counted once, apart from fresh ones', {
    usage: { input: 5, cacheWrite: 2, output: 3 },
  }),
  answer('usage_reasoning', 'reasoning is a part of the output', { usage: { input: 7, output: 9, reasoning: 6 } }),
  answer('usage_in_json', 'figures of one JSON body count', { usage: { input: 7, output: 3 } }),
  {
    name: 'usage_missing',
    title: 'without figures nothing is made up',
    from: 'own',
    async run(stage, { sample }) {
      const { usage = {} } = await replay(stage, sample, { finish: 'stop' })
      deepEqual([usage.input ?? 0, usage.output ?? 0], [0, 0])
    },
  },
  {
    name: 'usage_odd',
    title: 'figures that cannot be are told, and none comes out negative',
    from: 'own',
    async run(stage, { sample }) {
      const { problems } = await replay(stage, sample, { finish: 'stop' })
      ok(problems.length > 0, 'the problem was not told')
    },
  },
  {
    name: 'reported_cost',
    title: 'what the vendor says that the call cost is told',
    from: 'own',
    async run(stage, { sample }) {
      const { reportedUsd } = await replay(stage, sample)
      equal(reportedUsd, sample.expect?.reportedUsd)
      ok(reportedUsd !== undefined, 'the sample must expect reportedUsd')
    },
  },
]
