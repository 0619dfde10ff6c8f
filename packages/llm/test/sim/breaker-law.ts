import type { LLMErrorKind, RouterEvents } from '@wayfare/core'

interface Circuit {
  state: 'open' | 'half_open'
  since: number
  /** Calls that were let through since it half opened, and have not ended. */
  readonly probes: Map<string, number>
}

/** The shortest pause of a circuit: of a model, and of a key. */
const modelPauseMs = 15_000 * 0.8
const keyPauseMs = 60_000 * 0.8
/** After so long another probe may follow one that never reported. */
const probeMs = 300_000
const purse = 100

/** What breakers and the quota of retries promise, watched from outside. */
export class BreakerLaw {
  readonly #circuits = new Map<string, Circuit>()
  readonly #retries = new Map<string, number>()
  readonly #now: () => number
  readonly #violated: (what: string) => void

  constructor(now: () => number, violated: (what: string) => void) {
    this.#now = now
    this.#violated = violated
  }

  changed({ key, state }: RouterEvents['breaker']): void {
    if (state === 'closed') this.#circuits.delete(key)
    else this.#circuits.set(key, { state, since: this.#now(), probes: new Map() })
  }

  /** A call has passed the gate. */
  admitted(id: string, target: string): void {
    const provider = target.slice(0, target.indexOf('/'))
    for (const [key, pauseMs] of [
      [target, modelPauseMs],
      [provider, keyPauseMs],
    ] as const) {
      const circuit = this.#circuits.get(key)
      if (circuit === undefined) continue
      const openMs = this.#now() - circuit.since
      if (circuit.state === 'open' && openMs < pauseMs)
        this.#violated(`breaker: ${id} goes to ${target} ${openMs} ms after ${key} was opened`)
      if (circuit.state !== 'half_open') continue
      for (const [other, at] of circuit.probes) {
        if (this.#now() - at < probeMs) this.#violated(`breaker: ${id} goes to ${target} while ${other} probes ${key}`)
      }
      circuit.probes.set(id, this.#now())
    }
  }

  ended(id: string): void {
    for (const { probes } of this.#circuits.values()) probes.delete(id)
  }

  retried(provider: string, kind: LLMErrorKind): void {
    this.#retries.set(provider, (this.#retries.get(provider) ?? 0) + (kind === 'timeout' ? 10 : 5))
  }

  /** `earned` is what the answers of a provider put back: one each, and what their own retries took. */
  checkQuota(earned: (provider: string) => number): void {
    for (const [provider, taken] of this.#retries) {
      const most = purse + earned(provider)
      if (taken > most) this.#violated(`quota: retries of ${provider} took ${taken}, and at most ${most} were there`)
    }
  }
}
