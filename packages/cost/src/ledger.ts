import type { Scope } from '@wayfare/core'
import { Account } from './account.ts'
import type { Calendar } from './calendar.ts'
import { Route } from './route.ts'
import { Shelf } from './shelf.ts'
import type { CallScopes } from './store.ts'

const maxRoutes = 10_000

/** The accounts of every scope, found without making a string. */
export class Ledger {
  readonly #global: Account
  readonly sessions: Shelf
  readonly agents: Shelf
  readonly #providers: Shelf
  readonly #models = new Map<string, Shelf>()
  readonly #tags = new Map<string, Shelf>()
  readonly #max: number
  #numbers = 0
  /** Those that keep a route, in a ring. */
  readonly #keepers: Account[] = []
  #nextKeeper = 0
  /** Grows when accounts go that routes may lead to. A session's route goes with the session. */
  #version = 0

  constructor(max: number, calendar: Calendar) {
    this.#max = max
    this.#global = new Account(calendar)
    this.sessions = new Shelf(max, leaveAgent)
    this.agents = new Shelf(max, this.#close)
    this.#providers = new Shelf(max, this.#close)
  }

  /** By a route that may lead there, or by name. */
  find(scope: Scope, route?: Route): Account | undefined {
    return route?.find(scope) ?? this.#find(scope)
  }

  #find(scope: Scope): Account | undefined {
    switch (scope.kind) {
      case 'global':
        return this.#global
      case 'session':
        return this.sessions.get(scope.id)
      case 'agent':
        return this.agents.get(scope.id)
      case 'provider':
        return this.#providers.get(scope.id)
      case 'model': {
        const slash = scope.id.indexOf('/')
        return this.#models.get(scope.id.slice(0, slash))?.get(scope.id.slice(slash + 1))
      }
      case 'tag':
        return this.#tags.get(scope.tag)?.get(scope.id)
    }
  }

  /** The route of a call, when one of the same scopes went before it. */
  known(call: CallScopes): Route | undefined {
    const route = this.#keeper(call)?.route
    if (route === undefined || !route.leads(call, this.#version)) return undefined
    for (const account of route.accounts) account.used = true
    return route
  }

  /** The route of a call, with accounts made where there are none. */
  route(call: CallScopes, calendar: Calendar): Route {
    const route = new Route(this.#accounts(call, calendar), call, this.#version)
    const keeper = this.#keeper(call)
    // Most sessions that are many have one call each.
    if (keeper?.used === true) this.#keep(route, keeper)
    return route
  }

  /** Every account with its scope, those of each kind in order of first use. */
  *all(): Generator<readonly [Scope, Account]> {
    yield [{ kind: 'global' }, this.#global]
    for (const [id, account] of this.agents.entries()) yield [{ kind: 'agent', id }, account]
    for (const [id, account] of this.sessions.entries()) yield [{ kind: 'session', id }, account]
    for (const [id, account] of this.#providers.entries()) yield [{ kind: 'provider', id }, account]
    for (const [provider, models] of this.#models) {
      for (const [model, account] of models.entries()) yield [{ kind: 'model', id: `${provider}/${model}` }, account]
    }
    for (const [tag, values] of this.#tags) {
      for (const [id, account] of values.entries()) yield [{ kind: 'tag', tag, id }, account]
    }
  }

  /** The account of a scope that comes from elsewhere, and had that number there. */
  restore(scope: Scope, number: number, agentName: string | undefined, calendar: Calendar): Account {
    const account =
      scope.kind === 'global' ? this.#global : this.#account(this.#shelfOf(scope), nameIn(scope), calendar)
    account.calendar = calendar
    account.number = number
    this.#numbers = Math.max(this.#numbers, number)
    if (agentName !== undefined) {
      account.agentName = agentName
      account.agent = this.agents.get(agentName)
      if (account.agent !== undefined) account.agent.sessions++
    }
    return account
  }

  forgetSession(session: string): void {
    const account = this.sessions.get(session)
    if (account === undefined) return
    this.sessions.delete(session)
    leaveAgent(account)
  }

  #accounts({ session, agent, provider, model, tags }: CallScopes, calendar: Calendar): Account[] {
    const all = [this.#global]
    let ofAgent: Account | undefined
    if (agent !== undefined) {
      ofAgent = this.#account(this.agents, agent, calendar)
      all.push(ofAgent)
    }
    if (session !== undefined) all.push(this.#session(session, agent, ofAgent, calendar))
    if (provider !== undefined) {
      all.push(this.#account(this.#providers, provider, calendar))
      if (model !== undefined) all.push(this.#account(this.#shelf(this.#models, provider), model, calendar))
    }
    if (tags !== undefined) {
      for (const tag in tags) {
        const value = tags[tag]
        if (value !== undefined) all.push(this.#account(this.#shelf(this.#tags, tag), value, calendar))
      }
    }
    return all.slice() // one that was pushed to has room for as many more, and every open reservation holds it
  }

  /** Who remembers the route of a call. */
  #keeper({ session, provider, model }: CallScopes): Account | undefined {
    if (session !== undefined) return this.sessions.get(session)
    return provider === undefined || model === undefined ? undefined : this.#models.get(provider)?.get(model)
  }

  /** A route is as large as an account: the sessions that went this way last have theirs. */
  #keep(route: Route, keeper: Account): void {
    if (keeper.route === undefined) {
      const oldest = this.#keepers[this.#nextKeeper]
      if (oldest !== undefined) oldest.route = undefined
      this.#keepers[this.#nextKeeper] = keeper
      this.#nextKeeper = (this.#nextKeeper + 1) % maxRoutes
    }
    keeper.route = route
  }

  #session(id: string, agentName: string | undefined, agent: Account | undefined, calendar: Calendar): Account {
    const known = this.sessions.get(id)
    if (known !== undefined) {
      known.used = true
      return known
    }
    const made = this.#account(this.sessions, id, calendar)
    made.agentName = agentName
    made.agent = agent
    if (agent !== undefined) agent.sessions++
    return made
  }

  #account(shelf: Shelf, name: string, calendar: Calendar): Account {
    const known = shelf.get(name)
    if (known !== undefined) {
      known.used = true
      return known
    }
    const made = new Account(calendar)
    made.number = ++this.#numbers
    shelf.put(name, made)
    return made
  }

  #shelfOf(scope: Exclude<Scope, { readonly kind: 'global' }>): Shelf {
    switch (scope.kind) {
      case 'session':
        return this.sessions
      case 'agent':
        return this.agents
      case 'provider':
        return this.#providers
      case 'model':
        return this.#shelf(this.#models, scope.id.slice(0, scope.id.indexOf('/')))
      case 'tag':
        return this.#shelf(this.#tags, scope.tag)
    }
  }

  readonly #close = (): void => {
    this.#version++
  }

  #shelf(shelves: Map<string, Shelf>, name: string): Shelf {
    const known = shelves.get(name)
    if (known !== undefined) return known
    const made = new Shelf(this.#max, this.#close)
    shelves.set(name, made)
    return made
  }
}

/** A model is found in the shelf of its provider. */
function nameIn(scope: Exclude<Scope, { readonly kind: 'global' }>): string {
  return scope.kind === 'model' ? scope.id.slice(scope.id.indexOf('/') + 1) : scope.id
}

function leaveAgent(session: Account): void {
  session.forgotten = true
  if (session.agent !== undefined) session.agent.sessions--
}
