import { tooLarge } from './error.ts'
import type { SSESink, SSEOptions } from './event.ts'

/** The event whose lines are being read. */
export class Draft {
  /** Nothing more is to be read: the event named by `until` was met, one was too large, or the sink has heard enough. */
  done = false
  readonly #sink: SSESink
  readonly #until: string | undefined
  readonly #max: number
  #event = ''
  #data: string | undefined
  #id = ''

  constructor(sink: SSESink, { until, maxEventBytes = 32 * 1024 * 1024 }: SSEOptions) {
    this.#sink = sink
    this.#until = until
    this.#max = maxEventBytes
  }

  /** Whether it is as new as the first one was. */
  get blank(): boolean {
    return this.#data === undefined && this.#event === '' && this.#id === ''
  }

  field(name: string, value: string): void {
    if (name === 'data') this.append(value)
    else if (name === 'event') this.#event = value
    else if (name !== 'id') this.#sink.field?.(name, value)
    else if (!value.includes('\0')) this.#id = value
  }

  append(value: string): void {
    this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`
    this.expect(0)
  }

  /** Throws when so many bytes more would be too many. */
  expect(bytes: number): void {
    if (bytes + (this.#data?.length ?? 0) <= this.#max) return
    this.done = true
    this.#data = undefined
    throw tooLarge(this.#max)
  }

  /** A line of data with a blank line behind it. What needs nothing kept from line to line is not kept. */
  whole(data: string): void {
    if (this.#data !== undefined || data.length > this.#max) {
      this.append(data)
      return this.dispatch()
    }
    this.#hand(data)
  }

  dispatch(): void {
    const data = this.#data
    this.#data = undefined
    if (data === undefined) this.#event = ''
    else this.#hand(data)
  }

  #hand(data: string): void {
    const name = this.#event
    this.#event = ''
    if (this.#until !== undefined && data === this.#until) this.done = true
    else this.#sink.event(data, name === '' ? 'message' : name, this.#id)
  }
}
