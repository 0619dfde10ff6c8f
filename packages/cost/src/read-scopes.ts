import { checkKeys, checkName, checkObject } from './shape.ts'
import { agentOf } from './spend.ts'
import type { CallScopes } from './store.ts'

/** The scopes that somebody names; the agent that a session's name begins with is one of them. Throws a `config` error. */
export function readScopes(given: CallScopes, where: string): CallScopes {
  checkObject(given, where, "it looks like { session: 'support:42' }")
  checkKeys(given, ['session', 'agent', 'tags', 'provider', 'model'], where)
  const { session, provider, model, tags } = given
  for (const [name, value] of Object.entries({ session, agent: given.agent, provider, model }))
    if (value !== undefined) checkName(value, `${name} of ${where}`)
  if (tags !== undefined) {
    checkObject(tags, `tags of ${where}`, "they look like { team: 'red' }")
    for (const [tag, value] of Object.entries(tags)) checkName(value, `tag "${tag}" of ${where}`)
  }
  return {
    session,
    agent: given.agent ?? (session === undefined ? undefined : agentOf(session)),
    provider,
    model,
    tags,
  }
}
