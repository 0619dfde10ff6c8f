import type { Scope } from '@wayfare/core'
import {
  checkKinds,
  checkModel,
  checkScope,
  entriesOf,
  isStated,
  readLimit,
  scopeName,
  type Limit,
  type Limits,
  type LimitSettings,
} from './limits.ts'
import type { CallScopes, ScopeLimit } from './store.ts'

/** Every limit in force, and which of them a call meets. */
export class LimitBook {
  readonly #onZero: (where: string) => void
  #global: Limit | undefined
  readonly #session: Limit | undefined
  readonly #agent: Limit | undefined
  readonly #sessions: Map<string, Limit>
  readonly #agents: Map<string, Limit>
  /** What each session of an agent may spend. */
  readonly #agentSessions: Map<string, Limit>
  readonly #providers: Map<string, Limit>
  readonly #models: Map<string, Limit>
  readonly #tags: Map<string, Map<string, Limit>>

  /** Throws a `config` error for settings that cannot be right. */
  constructor(settings: LimitSettings, onZero: (where: string) => void) {
    checkKinds(settings)
    this.#onZero = onZero
    const one = (limits: Limits | undefined, where: string): Limit | undefined =>
      limits === undefined ? undefined : readLimit(limits, where, onZero)
    const named = (limits: { readonly [name: string]: Limits } | undefined, kind: string): Map<string, Limit> =>
      new Map(
        entriesOf(limits, `limits.${kind}`).map(([name, of]) => [
          name,
          readLimit(of, `limits.${kind}["${name}"]`, onZero),
        ]),
      )
    this.#global = one(settings.global, 'limits.global')
    this.#session = one(settings.session, 'limits.session')
    this.#agent = one(settings.agent, 'limits.agent')
    this.#sessions = named(settings.sessions, 'sessions')
    this.#agents = new Map()
    this.#agentSessions = new Map()
    for (const [agent, { session, ...own }] of entriesOf(settings.agents, 'limits.agents')) {
      const where = `limits.agents["${agent}"]`
      this.#agents.set(agent, readLimit(own, where, onZero))
      if (session !== undefined) this.#agentSessions.set(agent, readLimit(session, `${where}.session`, onZero))
    }
    this.#providers = named(settings.providers, 'providers')
    this.#models = named(settings.models, 'models')
    for (const ref of this.#models.keys()) checkModel(ref, 'limits.models')
    this.#tags = new Map(
      entriesOf(settings.tags, 'limits.tags').map(([tag, values]) => [tag, named(values, `tags["${tag}"]`)]),
    )
  }

  /** The limits that a call meets, the widest scope first. */
  of({ session, agent, provider, model, tags }: CallScopes): ScopeLimit[] {
    const met: ScopeLimit[] = []
    if (this.#global !== undefined) meet(met, this.#global, { kind: 'global' })
    if (agent !== undefined) {
      const limit = stated(this.#agents.get(agent)) ?? this.#agent
      if (limit !== undefined) meet(met, limit, { kind: 'agent', id: agent })
    }
    if (session !== undefined) {
      const limit =
        stated(this.#sessions.get(session)) ??
        (agent === undefined ? undefined : stated(this.#agentSessions.get(agent))) ??
        this.#session
      if (limit !== undefined) meet(met, limit, { kind: 'session', id: session })
    }
    if (provider !== undefined) {
      const limit = this.#providers.size === 0 ? undefined : this.#providers.get(provider)
      if (limit !== undefined) meet(met, limit, { kind: 'provider', id: provider })
      if (model !== undefined && this.#models.size > 0) {
        const ref = `${provider}/${model}`
        const ofModel = this.#models.get(ref)
        if (ofModel !== undefined) meet(met, ofModel, { kind: 'model', id: ref })
      }
    }
    if (tags !== undefined && this.#tags.size > 0) this.#ofTags(met, tags)
    return met
  }

  /** Each one of this kind is limited, and the call belongs to none. */
  passedBy({ session, agent }: CallScopes): 'session' | 'agent' | undefined {
    if (session === undefined && isOne(this.#session)) return 'session'
    return agent === undefined && isOne(this.#agent) ? 'agent' : undefined
  }

  /** Undefined takes the limit of that name away, so that the general one holds again. */
  set(scope: Scope, limits: Limits | undefined): void {
    checkScope(scope)
    const limit = limits === undefined ? undefined : readLimit(limits, scopeName(scope), this.#onZero)
    if (scope.kind === 'global') {
      this.#global = limit
      return
    }
    const shelf = this.#shelf(scope)
    if (limit === undefined) shelf.delete(scope.id)
    else shelf.set(scope.id, limit)
  }

  get settings(): LimitSettings {
    const agents = new Set([...this.#agents.keys(), ...this.#agentSessions.keys()])
    return {
      global: this.#global?.settings,
      session: this.#session?.settings,
      sessions: written(this.#sessions),
      agent: this.#agent?.settings,
      agents: Object.fromEntries(
        [...agents].map((agent) => {
          const session = this.#agentSessions.get(agent)?.settings
          return [agent, { ...this.#agents.get(agent)?.settings, ...(session !== undefined && { session }) }]
        }),
      ),
      providers: written(this.#providers),
      models: written(this.#models),
      tags: Object.fromEntries([...this.#tags].map(([tag, values]) => [tag, written(values)])),
    }
  }

  #ofTags(met: ScopeLimit[], tags: { readonly [tag: string]: string }): void {
    for (const [tag, values] of this.#tags) {
      const value = Object.hasOwn(tags, tag) ? tags[tag] : undefined
      if (value === undefined) continue
      const limit = stated(values.get(value)) ?? values.get('*')
      if (limit !== undefined) meet(met, limit, { kind: 'tag', tag, id: value })
    }
  }

  #shelf(scope: Exclude<Scope, { readonly kind: 'global' }>): Map<string, Limit> {
    switch (scope.kind) {
      case 'session':
        return this.#sessions
      case 'agent':
        return this.#agents
      case 'provider':
        return this.#providers
      case 'model':
        return this.#models
      case 'tag': {
        const known = this.#tags.get(scope.tag)
        if (known !== undefined) return known
        const made = new Map<string, Limit>()
        this.#tags.set(scope.tag, made)
        return made
      }
    }
  }
}

function stated(limit: Limit | undefined): Limit | undefined {
  return limit !== undefined && isStated(limit) ? limit : undefined
}

function meet(met: ScopeLimit[], limit: Limit, scope: Scope): void {
  const { hard, soft, window } = limit
  if (isOne(limit)) met.push({ scope, window, hard, soft })
}

/** What is stated may say that there is no limit. */
function isOne(limit: Limit | undefined): boolean {
  return limit?.hard !== undefined || limit?.soft !== undefined
}

function written(limits: ReadonlyMap<string, Limit>): { [name: string]: Limits } {
  return Object.fromEntries([...limits].map(([name, { settings }]) => [name, settings]))
}
