import type { Scope } from '@wayfare/core'
import type { Account } from './account.ts'
import type { CallScopes } from './store.ts'

/** The accounts that a call counts in, found once for all calls of the same scopes. */
export class Route {
  /** The global one first, then those of the agent, the session, the provider, the model and the tags. */
  readonly accounts: readonly Account[]
  /** A copy, as whoever calls may change what it called with. */
  readonly call: CallScopes
  /** Of the ledger, when they were found. */
  readonly #version: number

  constructor(accounts: readonly Account[], call: CallScopes, version: number) {
    this.accounts = accounts
    this.call = call.tags === undefined ? { ...call } : { ...call, tags: { ...call.tags } }
    this.#version = version
  }

  leads({ session, agent, provider, model, tags }: CallScopes, version: number): boolean {
    const own = this.call
    return (
      this.#version === version &&
      own.session === session &&
      own.model === model &&
      own.provider === provider &&
      own.agent === agent &&
      (own.tags === tags || areSame(own.tags, tags))
    )
  }

  /** The account of a scope that is met on most calls; others must be looked for. */
  find(scope: Scope): Account | undefined {
    const { agent, session, provider } = this.call
    if (scope.kind === 'global') return this.accounts[0]
    if (scope.kind === 'agent') return scope.id === agent ? this.accounts[1] : undefined
    const ofSession = agent === undefined ? 1 : 2
    if (scope.kind === 'session') return scope.id === session ? this.accounts[ofSession] : undefined
    if (scope.kind !== 'provider' || scope.id !== provider) return undefined
    return this.accounts[session === undefined ? ofSession : ofSession + 1]
  }
}

function areSame(some: CallScopes['tags'], others: CallScopes['tags']): boolean {
  if (some === undefined || others === undefined) return some === others
  let left = Object.keys(some).length
  for (const tag in others) {
    if (some[tag] !== others[tag]) return false
    left--
  }
  return left === 0
}
