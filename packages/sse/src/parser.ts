import { systemDecode, type Decode } from './decode.ts'
import type { SSESink, SSEEvent, SSEOptions } from './event.ts'
import { SSEReader } from './reader.ts'

const NONE: readonly SSEEvent[] = []

/** Reads an event stream by the WHATWG text, from bytes cut anywhere, into events whose strings are all copies. */
export class SSEParser {
  readonly #tail: boolean
  readonly #found: Collected
  readonly #reader: SSEReader

  constructor(options: SSEOptions = {}, decode: Decode = systemDecode()) {
    this.#tail = options.tail ?? false
    this.#found = new Collected(options.onField)
    this.#reader = new SSEReader(this.#found, options, { decode, copies: true })
  }

  /** Whether the event named by `until` was met. */
  get done(): boolean {
    return this.#reader.done
  }

  /** The events that this chunk completes. Throws `SSEError` once an event is too large. */
  feed(chunk: Uint8Array): readonly SSEEvent[] {
    this.#reader.feed(chunk)
    return this.#found.take()
  }

  /** The stream is over. With `tail`, an event that no blank line ended is dispatched; else it is dropped. */
  end(): readonly SSEEvent[] {
    if (this.#tail) this.#reader.end()
    return this.#found.take()
  }
}

class Collected implements SSESink {
  readonly #onField: SSEOptions['onField']
  #events: SSEEvent[] | undefined

  constructor(onField: SSEOptions['onField']) {
    this.#onField = onField
  }

  event(data: string, name: string, id: string): void {
    this.#events ??= []
    this.#events.push(id === '' ? { event: name, data } : { event: name, data, id })
  }

  field(name: string, value: string): void {
    this.#onField?.(name, value)
  }

  take(): readonly SSEEvent[] {
    const events = this.#events
    this.#events = undefined
    return events ?? NONE
  }
}
