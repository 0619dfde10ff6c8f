import type { Scope } from '@wayfare/core'
import { Account } from './account.ts'
import type { Calendar } from './calendar.ts'
import { Shelf } from './shelf.ts'
import type { CallScopes } from './store.ts'

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

  constructor(max: number, calendar: Calendar) {
    this.#max = max
    this.#global = new Account(calendar)
    this.sessions = new Shelf(max, leaveAgent)
    this.agents = new Shelf(max)
    this.#providers = new Shelf(max)
  }

  find(scope: Scope): Account | undefined {
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

  /** The accounts that a call counts in, made where there are none; the global one first. */
  accounts({ session, agent, provider, model, tags }: CallScopes, calendar: Calendar): Account[] {
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
    return all
  }

  forgetSession(session: string): void {
    const account = this.sessions.get(session)
    if (account === undefined) return
    this.sessions.delete(session)
    leaveAgent(account)
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

  #shelf(shelves: Map<string, Shelf>, name: string): Shelf {
    const known = shelves.get(name)
    if (known !== undefined) return known
    const made = new Shelf(this.#max)
    shelves.set(name, made)
    return made
  }
}

function leaveAgent(session: Account): void {
  session.forgotten = true
  if (session.agent !== undefined) session.agent.sessions--
}
