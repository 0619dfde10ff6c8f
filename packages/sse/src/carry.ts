/** Longer lines are kept in blocks of this size: a buffer that doubled would leave as much garbage as it holds. */
const BLOCK = 1 << 20

/** The bytes of a line that has not ended yet: copies, so that no network buffer stays alive for them. */
export class Carry {
  readonly #full: Uint8Array[] = []
  #bytes: Uint8Array = new Uint8Array(0)
  #used = 0

  get length(): number {
    return this.#full.length * BLOCK + this.#used
  }

  push(chunk: Uint8Array, start: number, end: number): void {
    let from = start
    while (from < end) {
      const to = Math.min(end, from + BLOCK - this.#used)
      this.#append(chunk, from, to)
      from = to
      if (this.#used === BLOCK) this.#close()
    }
  }

  /** Everything so far, valid until the next push. */
  take(): Uint8Array {
    const taken = this.#full.length === 0 ? this.#bytes.subarray(0, this.#used) : this.#joined()
    this.#full.length = 0
    this.#used = 0
    if (this.#bytes.length > 65_536) this.#bytes = new Uint8Array(0)
    return taken
  }

  #append(chunk: Uint8Array, start: number, end: number): void {
    const used = this.#used + end - start
    if (used > this.#bytes.length) this.#grow(used)
    if (end - start < 64) for (let i = start, at = this.#used; i < end; i++, at++) this.#bytes[at] = chunk[i]!
    else this.#bytes.set(chunk.subarray(start, end), this.#used)
    this.#used = used
  }

  #grow(length: number): void {
    const grown = new Uint8Array(Math.min(BLOCK, Math.max(256, length, this.#bytes.length * 2)))
    grown.set(this.#bytes.subarray(0, this.#used))
    this.#bytes = grown
  }

  #close(): void {
    this.#full.push(this.#bytes)
    this.#bytes = new Uint8Array(0)
    this.#used = 0
  }

  #joined(): Uint8Array {
    const joined = new Uint8Array(this.length)
    let at = 0
    for (const block of this.#full) {
      joined.set(block, at)
      at += BLOCK
    }
    joined.set(this.#bytes.subarray(0, this.#used), at)
    return joined
  }
}
