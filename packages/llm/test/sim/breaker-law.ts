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
/** How long after an answer its news may reach the breakers: what ran beside it is let go before. */
const latenessMs = 5_000
const purse = 100

/** What breakers and the quota of retries promise, watched from outside. */
export class BreakerLaw {
  readonly #circuits = new Map<string, Circuit>()
  /** When each key answered last. */
  readonly #answers = new Map<string, number>()
  readonly #retries = new Map<string, number>()
  readonly #now: () => number
  readonly #violated: (what: string) => void

  constructor(now: () => number, violated: (what: string) => void) {
    this.#now = now
    this.#violated = violated
  }

  changed({ key, state }: RouterEvents['breaker']): void {
    const before = this.#circuits.get(key)
    // A call that was under way when it opened may have answered, and its news be late.
    const isProven = before !== undefined && (this.#answers.get(key) ?? -Infinity) > before.since - latenessMs
    const openMs = before === undefined || isProven ? Infinity : this.#now() - before.since
    if (state === 'half_open' && before?.state === 'open' && openMs < (key.includes('/') ? modelPauseMs : keyPauseMs))
      this.#violated(`breaker: ${key} is tried again ${openMs} ms after it was opened`)
    if (state === 'closed') this.#circuits.delete(key)
    else this.#circuits.set(key, { state, since: this.#now(), probes: new Map() })
  }

  /** A call has passed the gate. */
  admitted(id: string, target: string): void {
    for (const key of keysOf(target)) {
      const circuit = this.#circuits.get(key)
      if (circuit === undefined) continue
      if (circuit.state === 'open') this.#violated(`breaker: ${id} goes to ${target} and ${key} is open`)
      for (const [other, at] of circuit.probes) {
        if (this.#now() - at < probeMs) this.#violated(`breaker: ${id} goes to ${target} while ${other} probes ${key}`)
      }
      if (circuit.state === 'half_open') circuit.probes.set(id, this.#now())
    }
  }

  /** An attempt has ended, and the breakers hear of it next. */
  told(target: string, isAnswer: boolean): void {
    for (const key of keysOf(target)) {
      if (isAnswer) this.#answers.set(key, this.#now())
      // News of a call that began before is as good as that of the probe: another may follow.
      this.#circuits.get(key)?.probes.clear()
    }
  }

  /** Before the budget has answered. */
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

/** The circuits of a target: its own, and that of its key. */
function keysOf(target: string): readonly string[] {
  return [target, target.slice(0, target.indexOf('/'))]
}
