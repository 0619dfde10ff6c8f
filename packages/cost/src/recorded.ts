import { CostConfigError } from './error.ts'
import type { RecordedSpend } from './options.ts'
import { dearestUsd, mostTokens, postingOf } from './posting.ts'
import { readScopes } from './read-scopes.ts'
import { checkKeys, checkName, checkObject, checkOneOf } from './shape.ts'
import type { CallScopes, Posting } from './store.ts'
import { sources } from './tally.ts'

const names = ['id', 'session', 'agent', 'tags', 'costUsd', 'usage', 'provider', 'model', 'pricingSource']

/** Where spend outside the router counts, and what it adds. Throws a `config` error for what is no spend. */
export function readSpend(spend: RecordedSpend): {
  readonly id: string | undefined
  readonly call: CallScopes
  readonly posting: Posting
} {
  checkObject(spend, 'the spend', "it looks like { session: 'support:42', costUsd: 0.1 }")
  checkKeys(spend, names, 'the spend')
  const { id, costUsd, usage = {}, pricingSource = 'provider', session, agent, tags, provider, model } = spend
  if (id !== undefined) checkName(id, 'id of the spend')
  checkOneOf(pricingSource, sources, 'pricingSource of the spend')
  const call = readScopes({ session, agent, tags, provider, model }, 'the spend')
  if (typeof costUsd !== 'number' || !(costUsd >= 0 && costUsd <= dearestUsd))
    throw new CostConfigError(`costUsd is not an amount; record from 0 to ${dearestUsd} USD at a time`)
  checkObject(usage, 'usage of the spend', 'it looks like { input: 100, output: 20 }')
  for (const [name, tokens] of Object.entries(usage)) {
    if (tokens !== undefined && (typeof tokens !== 'number' || !(tokens >= 0 && tokens <= mostTokens)))
      throw new CostConfigError(`usage.${name} of the spend is not a count; give from 0 to ${mostTokens} tokens`)
  }
  return { id, call, posting: postingOf({ costUsd, usage, pricingSource, message: true }) }
}
