/** Remembers the ids that were told last: `max` of them at most, and no less than half as many. */
export class RecentIds {
  // Two halves: the older one goes as a whole, as a set whose oldest go one by one is slow to begin with.
  #young = new Set<string>()
  #old = new Set<string>()
  readonly #half: number

  constructor(max: number) {
    this.#half = max / 2
  }

  has(id: string): boolean {
    return this.#young.has(id) || this.#old.has(id)
  }

  add(id: string): void {
    this.#young.add(id)
    if (this.#young.size < this.#half) return
    this.#old = this.#young
    this.#young = new Set()
  }

  /** False: it was not there. */
  delete(id: string): boolean {
    const wasOld = this.#old.delete(id)
    return this.#young.delete(id) || wasOld
  }

  /** The oldest first. */
  values(): readonly string[] {
    return [...this.#old, ...this.#young]
  }
}
