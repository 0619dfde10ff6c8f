/** A map that forgets what was set longest ago once it holds more than `most`. */
export class Recent<V> {
  readonly #entries = new Map<string, V>()
  readonly #most: number
  #newest: string | undefined

  constructor(most: number) {
    this.#most = most
  }

  get(key: string): V | undefined {
    return this.#entries.get(key)
  }

  set(key: string, value: V): void {
    // What is set again becomes the newest.
    if (key !== this.#newest) this.#entries.delete(key)
    this.#entries.set(key, value)
    this.#newest = key
    if (this.#entries.size <= this.#most) return
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest)
      return
    }
  }
}
