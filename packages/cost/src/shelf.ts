import type { Account } from './account.ts'

/** Accounts by name. Beyond `max`, the one that was idle longest goes; one with money pending never does. */
export class Shelf {
  readonly #accounts = new Map<string, Account>()
  readonly #max: number
  readonly #onEvict: (account: Account) => void
  /** Where the search for idle accounts goes on: begun anew each time, it would pass over all that has gone before. */
  #hand: Iterator<[string, Account]>

  constructor(max: number, onEvict: (account: Account) => void = () => {}) {
    this.#max = max
    this.#onEvict = onEvict
    this.#hand = this.#accounts.entries()
  }

  get(name: string): Account | undefined {
    return this.#accounts.get(name)
  }

  put(name: string, account: Account): void {
    if (this.#accounts.size >= this.#max) this.#evict()
    this.#accounts.set(name, account)
  }

  delete(name: string): boolean {
    return this.#accounts.delete(name)
  }

  entries(): IterableIterator<[string, Account]> {
    return this.#accounts.entries()
  }

  /** Second chance: whoever was used since the last search goes to the end of the queue. */
  #evict(): void {
    for (let tries = this.#accounts.size * 2; tries > 0; tries--) {
      const next = this.#hand.next()
      if (next.done === true) {
        this.#hand = this.#accounts.entries()
        continue
      }
      const [name, account] = next.value
      this.#accounts.delete(name)
      if (!account.used && account.pending === 0) {
        this.#onEvict(account)
        return
      }
      account.used = false
      this.#accounts.set(name, account)
    }
  }
}
