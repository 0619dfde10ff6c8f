import type { Match } from './match.ts'

/** So many models are remembered; then all are forgotten. */
const capacity = 4096
/** Ids may come from strangers: what is longer than any model's name is not kept. */
const longest = 512

interface Provider {
  readonly name: string
  readonly vendor: string | undefined
  /** Null: nobody knows the model. */
  readonly models: Map<string, Match | null>
}

/** What models resolve to, misses included. */
export class MatchMemo {
  readonly #providers = new Map<string, Provider>()
  /** Most calls go where the one before them went. */
  #last: Provider = { name: '', vendor: undefined, models: new Map() }
  #size = 0

  /** Null: it is known that nobody knows the model. Undefined: nothing is remembered. */
  get(provider: string, vendor: string | undefined, model: string): Match | null | undefined {
    const last = this.#last
    if (last.name === provider && last.vendor === vendor) return last.models.get(model)
    const known = this.#providers.get(provider)
    if (known === undefined || known.vendor !== vendor) return undefined
    this.#last = known
    return known.models.get(model)
  }

  set(provider: string, vendor: string | undefined, model: string, match: Match | null): void {
    if (model.length > longest || provider.length > longest) return
    if (this.#size >= capacity) this.clear()
    this.#size++
    const known = this.#providers.get(provider)
    if (known !== undefined && known.vendor === vendor) known.models.set(model, match)
    else this.#providers.set(provider, { name: provider, vendor, models: new Map([[model, match]]) })
  }

  clear(): void {
    this.#providers.clear()
    this.#last = { name: '', vendor: undefined, models: new Map() }
    this.#size = 0
  }
}
