/** Longer lines are kept in blocks of this size: a buffer that doubled would leave as much garbage as it holds. */
const BLOCK = 1 << 20
const LF = 10
const CR = 13

const NO_BYTES = new Uint8Array(0)

/** The bytes of a line that has not ended yet: copies, so that no network buffer stays alive for them. */
export class Carry {
  #full: Uint8Array[] | undefined
  #bytes: Uint8Array = NO_BYTES
  #used = 0
  /** How many bytes are kept. */
  length = 0

  push(chunk: Uint8Array, start: number, end: number): void {
    let from = start
    while (from < end) {
      const to = Math.min(end, from + BLOCK - this.#used)
      this.#append(chunk, from, to)
      from = to
      if (this.#used === BLOCK) this.#close()
    }
  }

  /** Takes the bytes up to a line terminator and says where that stands, or the chunk's length: one look at each byte. */
  pushLine(chunk: Uint8Array, start: number): number {
    const { length } = chunk
    let used = this.#used
    const room = used + length - start
    // Strictly less, so that the block never fills here.
    if (room >= BLOCK) return this.#pushRest(chunk, start)
    if (room > this.#bytes.length) this.#grow(room)
    const bytes = this.#bytes
    let at = start
    for (; at < length; at++) {
      const byte = chunk[at]!
      if (byte === LF || byte === CR) break
      bytes[used++] = byte
    }
    this.length += used - this.#used
    this.#used = used
    return at
  }

  /** Everything so far, as many bytes as `length` said before; what stands behind them is of no meaning. Valid until the next push. */
  take(): Uint8Array {
    const taken = this.#full === undefined ? this.#bytes : this.#joined(this.#full)
    this.#full = undefined
    this.#used = 0
    this.length = 0
    if (this.#bytes.length > 65_536) this.#bytes = NO_BYTES
    return taken
  }

  #pushRest(chunk: Uint8Array, start: number): number {
    let end = start
    while (end < chunk.length && chunk[end] !== LF && chunk[end] !== CR) end++
    this.push(chunk, start, end)
    return end
  }

  #append(chunk: Uint8Array, start: number, end: number): void {
    const used = this.#used + end - start
    if (used > this.#bytes.length) this.#grow(used)
    if (end - start < 64) for (let i = start, at = this.#used; i < end; i++, at++) this.#bytes[at] = chunk[i]!
    else this.#bytes.set(chunk.subarray(start, end), this.#used)
    this.#used = used
    this.length += end - start
  }

  #grow(length: number): void {
    const grown = new Uint8Array(Math.min(BLOCK, Math.max(256, length, this.#bytes.length * 2)))
    grown.set(this.#bytes.subarray(0, this.#used))
    this.#bytes = grown
  }

  #close(): void {
    this.#full ??= []
    this.#full.push(this.#bytes)
    this.#bytes = NO_BYTES
    this.#used = 0
  }

  #joined(full: readonly Uint8Array[]): Uint8Array {
    const joined = new Uint8Array(this.length)
    let at = 0
    for (const block of full) {
      joined.set(block, at)
      at += BLOCK
    }
    joined.set(this.#bytes.subarray(0, this.#used), at)
    return joined
  }
}
