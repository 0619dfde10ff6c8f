import type { Match } from './match.ts'

/** So many models are remembered; then all are forgotten. */
const capacity = 4096
/** Ids may come from strangers: what is longer than any model's name is not kept. */
const longest = 512

/** What models resolve to, misses included. */
export class MatchMemo {
  readonly #providers = new Map<string, { readonly vendor: string | undefined; readonly models: Models }>()
  #size = 0

  /** `resolve` is asked for what is not remembered. */
  of(
    provider: string,
    vendor: string | undefined,
    model: string,
    resolve: (provider: string, vendor: string | undefined, model: string) => Match | undefined,
  ): Match | undefined {
    const known = this.#providers.get(provider)
    if (known !== undefined && known.vendor === vendor) {
      const hit = known.models.get(model)
      if (hit !== undefined) return hit ?? undefined
    }
    const match = resolve(provider, vendor, model)
    if (model.length <= longest && provider.length <= longest) this.#keep(provider, vendor, model, match ?? null)
    return match
  }

  clear(): void {
    this.#providers.clear()
    this.#size = 0
  }

  #keep(provider: string, vendor: string | undefined, model: string, match: Match | null): void {
    if (this.#size >= capacity) this.clear()
    this.#size++
    const known = this.#providers.get(provider)
    if (known !== undefined && known.vendor === vendor) known.models.set(model, match)
    else this.#providers.set(provider, { vendor, models: new Map([[model, match]]) })
  }
}

type Models = Map<string, Match | null>
