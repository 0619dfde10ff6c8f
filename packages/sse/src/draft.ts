import { tooLarge } from './error.ts'
import type { SSEEvent, SSEOptions } from './event.ts'

/** The event whose lines are being read. */
export class Draft {
  /** Nothing more is to be read: the event named by `until` was met, or one was too large. */
  done = false
  readonly #until: string | undefined
  readonly #onField: SSEOptions['onField']
  readonly #max: number
  #event = ''
  #data: string | undefined
  #id: string | undefined

  constructor({ until, onField, maxEventBytes = 32 * 1024 * 1024 }: SSEOptions) {
    this.#until = until
    this.#onField = onField
    this.#max = maxEventBytes
  }

  /** Whether it is as new as the first one was. */
  get blank(): boolean {
    return this.#data === undefined && this.#event === '' && this.#id === undefined
  }

  field(name: string, value: string): void {
    if (name === 'data') this.append(value)
    else if (name === 'event') this.#event = value
    else if (name !== 'id') this.#onField?.(name, value)
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
  whole(data: string, events: SSEEvent[]): void {
    if (this.#data !== undefined || this.#id !== undefined || data === this.#until || data.length > this.#max) {
      this.append(data)
      return this.dispatch(events)
    }
    events.push({ event: this.#event === '' ? 'message' : this.#event, data })
    if (this.#event !== '') this.#event = ''
  }

  dispatch(events: SSEEvent[]): void {
    const data = this.#data
    const event = this.#event
    this.#event = ''
    if (data === undefined) return
    this.#data = undefined
    if (data === this.#until) this.done = true
    else if (this.#id) events.push({ event: event || 'message', data, id: this.#id })
    else events.push({ event: event || 'message', data })
  }
}
