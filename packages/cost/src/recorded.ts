import { CostConfigError } from './error.ts'
import type { RecordedSpend } from './options.ts'
import { postingOf } from './posting.ts'
import { checkKeys, checkName, checkObject } from './shape.ts'
import { agentOf } from './spend.ts'
import type { CallScopes, Posting } from './store.ts'

const names = ['id', 'session', 'agent', 'tags', 'costUsd', 'usage', 'provider', 'model', 'pricingSource']

/** Where spend outside the router counts, and what it adds. Throws a `config` error for what is no spend. */
export function readSpend(spend: RecordedSpend): {
  readonly id: string | undefined
  readonly call: CallScopes
  readonly posting: Posting
} {
  checkObject(spend, 'the spend', "it looks like { session: 'support:42', costUsd: 0.1 }")
  checkKeys(spend, names, 'the spend')
  const { id, session, tags, costUsd, usage = {}, provider, model, pricingSource = 'provider' } = spend
  const texts = { id, session, agent: spend.agent, provider, model, pricingSource }
  for (const [name, value] of Object.entries(texts)) if (value !== undefined) checkName(value, `${name} of the spend`)
  if (tags !== undefined) {
    checkObject(tags, 'tags of the spend', "they look like { team: 'red' }")
    for (const [tag, value] of Object.entries(tags)) checkName(value, `tag "${tag}" of the spend`)
  }
  if (typeof costUsd !== 'number' || !(costUsd >= 0 && costUsd < Infinity))
    throw new CostConfigError('costUsd is not an amount; record zero USD or more')
  checkObject(usage, 'usage of the spend', 'it looks like { input: 100, output: 20 }')
  for (const [name, tokens] of Object.entries(usage)) {
    if (tokens !== undefined && (typeof tokens !== 'number' || !(tokens >= 0 && tokens < Infinity)))
      throw new CostConfigError(`usage.${name} of the spend is not a count; give zero tokens or more`)
  }
  const agent = spend.agent ?? (session === undefined ? undefined : agentOf(session))
  const posting = postingOf({ costUsd, usage, pricingSource, message: true })
  return { id, call: { session, agent, provider, model, tags }, posting }
}
