import type { LLMError } from './error.ts'

const full = 100
const costOfRetry = 5
const costOfTimeoutRetry = 10

/**
 * Retries are paid from a purse, one per provider and credential, that only successes fill again: a dead vendor sees
 * about twenty retries more than there are calls, whatever their number.
 */
export class RetryQuota {
  readonly #left = new Map<string, number>()

  /** What a retry costs, or undefined when the purse cannot pay. */
  take(provider: string, error: LLMError): number | undefined {
    const cost = error.kind === 'timeout' ? costOfTimeoutRetry : costOfRetry
    const left = this.#left.get(provider) ?? full
    if (left < cost) return undefined
    this.#left.set(provider, left - cost)
    return cost
  }

  /** A success earns one token, and gives back what its own retries took. */
  succeed(provider: string, taken: number): void {
    const left = this.#left.get(provider)
    if (left !== undefined && left < full) this.#left.set(provider, Math.min(full, left + 1 + taken))
  }
}
