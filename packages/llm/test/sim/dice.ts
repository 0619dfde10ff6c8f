/** Everything random in a run comes from one of these, so that a seed is a run. */
export class Dice {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** Uniform in [0, 1): mulberry32. */
  random(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** From `least` to `most`, both included. */
  int(least: number, most: number): number {
    return least + Math.floor(this.random() * (most - least + 1))
  }

  chance(p: number): boolean {
    return this.random() < p
  }

  pick<const T>(items: readonly T[]): T {
    return items[this.int(0, items.length - 1)]!
  }

  /** `[weight, item]`. */
  weighted<const T>(items: readonly (readonly [number, T])[]): T {
    let left = this.random() * items.reduce((sum, [weight]) => sum + weight, 0)
    for (const [weight, item] of items) {
      left -= weight
      if (left < 0) return item
    }
    return items[0]![1]
  }

  list<T>(least: number, most: number, make: (index: number) => T): readonly T[] {
    return Array.from({ length: this.int(least, most) }, (_, index) => make(index))
  }
}
