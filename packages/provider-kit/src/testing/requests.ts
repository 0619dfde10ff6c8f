import { ok } from 'node:assert/strict'
import type { ProviderRequest } from '@wayfare/core'
import { fold } from './answer.ts'
import { begunElsewhere, canonical, foreign, options, structured } from './conversations.ts'
import { matches } from './matching.ts'
import type { Scenario } from './scenario.ts'

/** What is sent: compared with what the samples say of it, field by field. */
export const requests: readonly Scenario[] = [
  sent('canonical_request', 'a conversation with an image and tools is sent as the vendor wants it', canonical),
  sent(
    'foreign_history',
    'a history that another vendor began loses what only that vendor understands',
    begunElsewhere,
  ),
  sent('options_request', "the common options are sent under the vendor's names", options),
  sent('output_request', 'an answer by a schema is asked for as the vendor wants it', structured),
]

function sent(name: string, title: string, request: Partial<ProviderRequest>): Scenario {
  return {
    name,
    title,
    from: 'request',
    async run(stage, { sample, sent: { path, body, warnings = [] } }) {
      const { events, line } = await stage.play(stage.script(sample), request)
      const [asked] = line.requests
      ok(asked, 'nothing was sent')
      matches(asked.path, path, 'the path')
      // Both ways: nothing is missing, and nothing is there that nobody asked for.
      matches(asked.body, body, 'the body')
      matches(body, asked.body, 'the body')
      const bytes = JSON.stringify(asked.body)
      for (const canary of Object.values(foreign)) ok(!bytes.includes(canary), `another vendor's ${canary} was sent`)
      matches(fold(events).warnings, warnings, 'the warnings')
    },
  }
}
