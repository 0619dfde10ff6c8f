import type { Clock } from './contract/clock.ts'
import type { Provider } from './contract/provider.ts'

const freshMs = 60_000
/** A call is worth more than the balance: one that does not come soon is not waited for. */
const patienceMs = 5_000

interface Entry {
  readonly at: number
  readonly asked: Promise<number | undefined>
  known: number | undefined
}

/** Remaining credit per provider, asked at most once a minute. A balance that cannot be read says nothing. */
export class Balances {
  readonly #entries = new Map<string, Entry>()
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  async read(provider: Provider): Promise<number | undefined> {
    if (provider.balance === undefined) return undefined
    const entry = this.#entries.get(provider.name)
    if (entry !== undefined && this.#clock.now() - entry.at < freshMs) return entry.asked
    const asked = this.#ask(provider)
    const made: Entry = { at: this.#clock.now(), asked, known: entry?.known }
    this.#entries.set(provider.name, made)
    made.known = await asked
    return made.known
  }

  async #ask(provider: Provider): Promise<number | undefined> {
    const controller = new AbortController()
    let patience: { clear(): void } | undefined
    const waited = new Promise<undefined>((resolve) => {
      patience = this.#clock.timer(patienceMs, () => {
        controller.abort()
        resolve(undefined)
      })
    })
    try {
      return await Promise.race([waited, provider.balance?.({ signal: controller.signal })])
    } catch {
      return undefined
    } finally {
      patience?.clear()
    }
  }

  /** The last balance read, for plans: no I/O. */
  peek(provider: string): number | undefined {
    return this.#entries.get(provider)?.known
  }
}
