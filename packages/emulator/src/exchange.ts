import { setTimeout as wait } from 'node:timers/promises'
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** One request's connection: writes that respect the client's pace, waits that end when it leaves, and ways to break off. */
export class Exchange {
  readonly #response: ServerResponse
  readonly #socket: Socket
  readonly #gone = new AbortController()
  #finished = false

  constructor(response: ServerResponse, socket: Socket, onEarlyClose: () => void) {
    this.#response = response
    this.#socket = socket
    const gone = (): void => {
      this.#gone.abort()
      if (!this.#finished) onEarlyClose()
    }
    if (response.closed) gone()
    else response.once('close', gone)
  }

  /** True once the connection is closed, by either side. */
  get over(): boolean {
    // A write that failed destroys the socket before its closing is told.
    return this.#gone.signal.aborted || this.#socket.destroyed
  }

  /** Resolves after the time, or at once when the client leaves. */
  async pause(ms: number | undefined): Promise<void> {
    if (ms === undefined || ms <= 0 || this.over) return
    await wait(ms, undefined, { signal: this.#gone.signal }).catch(() => undefined)
  }

  /** Resolves when the connection closes. */
  async untilGone(): Promise<void> {
    await this.#settled(() => undefined)
  }

  head(status: number, headers: Readonly<Record<string, string>>): void {
    if (this.over) return
    this.#response.writeHead(status, headers)
    this.#response.flushHeaders()
  }

  /** Writes to the HTTP body and waits until the system took it. */
  async write(bytes: string | Uint8Array, splitBytes?: number): Promise<void> {
    for (const piece of split(bytes, splitBytes)) {
      if (this.over) return
      await this.#settled((done) => this.#response.write(piece, done))
      // One turn of the event loop lets the client read the piece by itself.
      if (splitBytes !== undefined) await new Promise<void>((resolve) => setImmediate(resolve))
    }
  }

  /** Writes past HTTP, straight to the socket. */
  async writeRaw(bytes: string | Uint8Array): Promise<void> {
    await this.#settled((done) => this.#socket.write(bytes, done))
  }

  /** Ends the HTTP response in good order. */
  async end(): Promise<void> {
    if (this.over) return
    this.#finished = true
    await this.#settled((done) => this.#response.end(done))
  }

  /** Closes the connection (FIN), whatever the HTTP body still owes. */
  async cut(): Promise<void> {
    if (this.over) return
    this.#finished = true
    this.#socket.end(() => this.#socket.destroy())
    await this.untilGone()
  }

  /** Resets the connection (RST), once the client had time to read what was written: bytes and RST at once look like a FIN. */
  async reset(): Promise<void> {
    await this.pause(10)
    this.#finished = true
    this.#socket.resetAndDestroy()
  }

  /** Resolves when the callback is called or the connection closes, whichever comes first. */
  async #settled(start: (done: () => void) => unknown): Promise<void> {
    if (this.over) return
    const { signal } = this.#gone
    await new Promise<void>((resolve) => {
      const done = (): void => {
        signal.removeEventListener('abort', done)
        resolve()
      }
      signal.addEventListener('abort', done)
      start(done)
    })
  }
}

function* split(bytes: string | Uint8Array, size: number | undefined): Generator<Uint8Array> {
  const whole = typeof bytes === 'string' ? Buffer.from(bytes) : bytes
  if (whole.length === 0) return
  const step = size === undefined ? whole.length : Math.max(1, Math.floor(size))
  for (let at = 0; at < whole.length; at += step) yield whole.subarray(at, at + step)
}
