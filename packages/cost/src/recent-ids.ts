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
  #packs: Pack[] = []
  readonly #ordered = new Set<string>()

  get size(): number {
    return this.#ordered.size + this.#packs.length * packSize + this.#told.length
  }

  add(id: string): void {
    if (this.#told.push(id) < packSize) return
    this.#packs.push(new Pack(this.#told))
    this.#told = []
  }

  has(id: string): boolean {
    return this.size > 0 && this.values().has(id)
  }

  delete(id: string): boolean {
    return this.size > 0 && this.values().delete(id)
  }

  values(): Set<string> {
    for (const pack of this.#packs) for (const id of pack.ids()) this.#ordered.add(id)
    for (const id of this.#told) this.#ordered.add(id)
    if (this.#packs.length > 0) this.#packs = []
    if (this.#told.length > 0) this.#told = []
    return this.#ordered
  }
}

const packSize = 256

/** Ids as one text, which the collector of garbage moves as one: each by itself costs a tenth of all that led to it. */
class Pack {
  readonly #text: string
  readonly #lengths: readonly number[]

  constructor(ids: readonly string[]) {
    this.#text = ids.join('')
    this.#lengths = ids.map(({ length }) => length)
  }

  *ids(): Generator<string> {
    let from = 0
    for (const length of this.#lengths) yield this.#text.slice(from, (from += length))
  }
}
