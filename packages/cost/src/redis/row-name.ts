import type { CallScopes } from '../store.ts'

/** A row of the bill by its scopes but the session, the same whatever the order of the tags. */
export function bareRowName({ provider, model, agent, tags }: CallScopes): string {
  const sorted = tags === undefined ? [] : Object.entries(tags).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return JSON.stringify([provider ?? null, model ?? null, agent ?? null, sorted])
}

/** The session stands on a line of its own: scripts leave it out when nobody remembers it any more. */
export function rowName(call: CallScopes): string {
  const bare = bareRowName(call)
  return call.session === undefined ? bare : `${bare}\n${JSON.stringify(call.session)}`
}

/** The scopes that `rowName` was made of. */
export function callOf(name: string): CallScopes {
  const [bare = '', session] = name.split('\n')
  const [provider, model, agent, tags] = JSON.parse(bare) as [
    ...(string | null)[],
    [string, string][], // as `bareRowName` writes it
  ] as [string | null, string | null, string | null, [string, string][]]
  return {
    ...(provider !== null && { provider }),
    ...(model !== null && { model }),
    ...(agent !== null && { agent }),
    ...(session !== undefined && { session: JSON.parse(session) as string }),
    ...(tags.length > 0 && { tags: Object.fromEntries(tags) }),
  }
}
