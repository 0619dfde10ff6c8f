import type { Scope } from '@wayfare/core'
import type { CallScopes } from './store.ts'

/** The names of the account of everything, and of the first letter of those of sessions and agents. */
export const globalName = '0'

/**
 * The name of a scope's account: no two scopes share one. Ids are written as JSON, whose escapes keep every text apart and
 * out of trouble: no line ends, no NUL, no half characters.
 */
export function scopeName(scope: Scope): string {
  switch (scope.kind) {
    case 'global':
      return globalName
    case 'agent':
      return `a${JSON.stringify(scope.id)}`
    case 'session':
      return `s${JSON.stringify(scope.id)}`
    case 'provider':
      return `p${JSON.stringify(scope.id)}`
    case 'model':
      return `m${JSON.stringify(scope.id)}`
    case 'tag':
      return `t${JSON.stringify([scope.tag, scope.id])}`
  }
}

/** The id of a session or an agent from the name of its account. */
export function idOf(name: string): string {
  return JSON.parse(name.slice(1)) as string // written by `scopeName`
}

/** The scopes that a call counts in, the global one first. */
export function scopesOf({ session, agent, provider, model, tags = {} }: CallScopes): Scope[] {
  const all: Scope[] = [{ kind: 'global' }]
  if (agent !== undefined) all.push({ kind: 'agent', id: agent })
  if (session !== undefined) all.push({ kind: 'session', id: session })
  if (provider !== undefined) {
    all.push({ kind: 'provider', id: provider })
    if (model !== undefined) all.push({ kind: 'model', id: `${provider}/${model}` })
  }
  for (const [tag, id] of Object.entries(tags)) all.push({ kind: 'tag', tag, id })
  return all
}
