/** The bytes of a line that has not ended yet: copies, so that no network buffer stays alive for them. */
export class Carry {
  #bytes: Uint8Array = new Uint8Array(0)
  #length = 0

  get length(): number {
    return this.#length
  }

  push(chunk: Uint8Array, start: number, end: number): void {
    const length = this.#length + end - start
    if (length > this.#bytes.length) this.#grow(length)
    if (end - start < 64) for (let i = start, at = this.#length; i < end; i++, at++) this.#bytes[at] = chunk[i]!
    else this.#bytes.set(chunk.subarray(start, end), this.#length)
    this.#length = length
  }

  /** Everything so far, valid until the next push. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#length)
    this.#length = 0
    if (this.#bytes.length > 65_536) this.#bytes = new Uint8Array(0)
    return taken
  }

  #grow(length: number): void {
    const grown = new Uint8Array(Math.max(256, length, this.#bytes.length * 2))
    grown.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = grown
  }
}
