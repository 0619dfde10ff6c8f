import { CostConfigError } from './error.ts'
import { checkKeys, checkName, checkObject } from './shape.ts'
import { agentOf } from './spend.ts'
import type { CallScopes } from './store.ts'

/** As many as a call may have. Each tag is a scope with figures of its own, and a store changes all of them in one step. */
const MOST_TAGS = 100

/** The scopes that somebody names; the agent that a session's name begins with is one of them. Throws a `config` error. */
export function readScopes(given: CallScopes, where: string): CallScopes {
  checkObject(given, where, "it looks like { session: 'support:42' }")
  checkKeys(given, ['session', 'agent', 'tags', 'provider', 'model'], where)
  const { session, provider, model, tags } = given
  for (const [name, value] of Object.entries({ session, agent: given.agent, provider, model }))
    if (value !== undefined) checkName(value, `${name} of ${where}`)
  if (tags !== undefined) {
    checkObject(tags, `tags of ${where}`, "they look like { team: 'red' }")
    const entries = Object.entries(tags)
    if (entries.length > MOST_TAGS)
      throw new CostConfigError(`tags of ${where} are more than ${MOST_TAGS}; leave some out`)
    for (const [tag, value] of entries) checkName(value, `tag "${tag}" of ${where}`)
  }
  return {
    session,
    agent: given.agent ?? (session === undefined ? undefined : agentOf(session)),
    provider,
    model,
    tags,
  }
}
