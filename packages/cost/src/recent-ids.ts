/** Remembers the ids that were told last: `max` of them at most, and no less than half as many. */
export class RecentIds {
  // Two halves: the older one goes as a whole, as a set whose oldest go one by one is slow to begin with.
  #young = new Half()
  #old = new Half()
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
    this.#young = new Half()
  }

  /** False: it was not there. */
  delete(id: string): boolean {
    const wasOld = this.#old.delete(id)
    return this.#young.delete(id) || wasOld
  }

  /** The oldest first. */
  values(): readonly string[] {
    return [...new Set([...this.#old.values(), ...this.#young.values()])]
  }
}

/** Many are told and few are asked for: what was told is put in order when somebody asks. */
class Half {
  #told: string[] = []
  readonly #ordered = new Set<string>()

  get size(): number {
    return this.#ordered.size + this.#told.length
  }

  add(id: string): void {
    this.#told.push(id)
  }

  has(id: string): boolean {
    return this.size > 0 && this.values().has(id)
  }

  delete(id: string): boolean {
    return this.size > 0 && this.values().delete(id)
  }

  values(): Set<string> {
    for (const id of this.#told) this.#ordered.add(id)
    if (this.#told.length > 0) this.#told = []
    return this.#ordered
  }
}
