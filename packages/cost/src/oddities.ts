import type { Settlement } from '@wayfare/core'
import type { Posting } from './store.ts'

/** Spend that nobody knows the price of. */
export interface UnpricedSpend {
  readonly requests: number
  readonly tokens: number
  /** `provider/model`, as far as they were known to be unpriced when they were asked. */
  readonly models: readonly string[]
}

/** Attempts that cost more than was reserved for them, and by how much together. */
export interface Overruns {
  readonly requests: number
  readonly usd: number
}

/** Attempts with figures that could not be right, and what was wrong with them, each in words and once. */
export interface Anomalies {
  readonly requests: number
  readonly problems: readonly string[]
}

/** Names come from outside, and attempts may never be heard of again. */
const most = 10_000

/** What is odd about settlements, counted since the tracker was made. */
export class Oddities {
  readonly #models = new Set<string>()
  readonly #problems = new Set<string>()
  /** Attempts under way of models that had no price. */
  readonly #unpriced = new Map<string, string>()
  #unpricedRequests = 0
  #unpricedTokens = 0
  #overruns = 0
  #overrunNano = 0
  #anomalies = 0

  /** An attempt at `model` begins, whose price nobody knows. */
  begin(attemptId: string, model: string): void {
    for (const oldest of this.#unpriced.keys()) {
      if (this.#unpriced.size < most) break
      this.#unpriced.delete(oldest)
    }
    this.#unpriced.set(attemptId, model)
  }

  /** The model of the attempt, when nobody knows its price. */
  end(attemptId: string): string | undefined {
    if (this.#unpriced.size === 0) return undefined
    const model = this.#unpriced.get(attemptId)
    this.#unpriced.delete(attemptId)
    return model
  }

  /** `odd` is what had to be put right in the settlement. */
  settle(attemptId: string, { overrunUsd, problems }: Settlement, odd: readonly string[], posting: Posting): void {
    const model = this.end(attemptId)
    if (overrunUsd !== undefined && overrunUsd > 0 && overrunUsd < Infinity) {
      this.#overruns++
      this.#overrunNano += Math.round(overrunUsd * 1e9)
    }
    if (odd.length > 0 || problems !== undefined) {
      this.#anomalies++
      for (const problem of [...(problems ?? []), ...odd]) if (this.#problems.size < most) this.#problems.add(problem)
    }
    if (posting.nano !== undefined) return
    this.#unpricedRequests++
    this.#unpricedTokens += posting.inputTokens + posting.outputTokens
    if (model !== undefined && this.#models.size < most) this.#models.add(model)
  }

  get unpriced(): UnpricedSpend {
    return { requests: this.#unpricedRequests, tokens: this.#unpricedTokens, models: [...this.#models].sort() }
  }

  get overruns(): Overruns {
    return { requests: this.#overruns, usd: this.#overrunNano / 1e9 }
  }

  get anomalies(): Anomalies {
    return { requests: this.#anomalies, problems: [...this.#problems].sort() }
  }
}
