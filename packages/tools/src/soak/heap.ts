/** Heap in MiB over time, taken after a collection, so that only what is held counts. */
export class HeapLog {
  readonly #samples: number[] = []

  sample(): number {
    const { gc } = globalThis as { gc?: () => void } // there when node runs with --expose-gc
    gc?.()
    const mib = process.memoryUsage().heapUsed / 2 ** 20
    this.#samples.push(mib)
    return mib
  }

  /** How much larger the last third is than the middle one, as a factor. The first third is warming up. */
  growth(): number {
    const third = Math.floor(this.#samples.length / 3)
    if (third === 0) return 1
    const mean = (from: number, to: number): number =>
      this.#samples.slice(from, to).reduce((sum, mib) => sum + mib, 0) / (to - from)
    return mean(this.#samples.length - third, this.#samples.length) / mean(third, 2 * third)
  }

  /** No larger by a seventh, or by less than what a collection leaves lying. */
  flat(): boolean {
    const growth = this.growth()
    return growth < 1.15 || this.last * (1 - 1 / growth) < 16
  }

  get last(): number {
    return this.#samples.at(-1) ?? 0
  }
}
