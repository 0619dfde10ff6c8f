import type { ProviderEvent } from './contract/provider.ts'
import type { ChatEvent } from './contract/response.ts'
import type { Writer } from './channel.ts'
import type { LLMError } from './error.ts'
import type { Guard, Worker } from './guard.ts'
import type { Pulled } from './pulled.ts'
import type { EventSink } from './run.ts'

/** What becomes of the events of an answer. */
export interface Taker {
  /** The provider is about to be asked for more. */
  pulling(): void
  /** What of it is to be told; undefined for nothing. */
  take(read: ProviderEvent | readonly ProviderEvent[]): readonly ChatEvent[] | undefined
  /** Whether the provider has called its answer complete. */
  readonly complete: boolean
}

/**
 * Pulls the events of one provider, each time that more is wanted, and gives the pull under way up when the attempt is cut.
 * By callbacks, not by promises: this runs for every chunk.
 */
export class Puller implements Worker, Writer {
  readonly iterator: AsyncIterator<ProviderEvent | readonly ProviderEvent[]>
  /** Whether the provider must be told to stop: it has not come to its end. */
  open = true
  /** The pull that was not answered yet. */
  pending: Promise<Pulled> | undefined
  readonly #guard: Guard
  readonly #taker: Taker
  readonly #out: EventSink
  #waiting = false
  #resolve: (() => void) | undefined
  #reject: ((reason: unknown) => void) | undefined

  constructor(iterator: Puller['iterator'], guard: Guard, taker: Taker, out: EventSink) {
    this.iterator = iterator
    this.#guard = guard
    this.#taker = taker
    this.#out = out
  }

  /** Resolves at the end of the events, or when they broke off behind a complete answer. */
  run(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
      this.goOn()
    })
  }

  goOn(): void {
    const { reason } = this.#guard
    if (reason !== undefined) return this.#fail(reason)
    this.#taker.pulling()
    this.#waiting = true
    try {
      this.pending = this.iterator.next()
      this.pending.then(this.#pulled, this.#fail)
    } catch (thrown) {
      this.#fail(thrown)
    }
  }

  stop(reason: LLMError): void {
    this.#reject?.(reason)
  }

  cut(reason: LLMError): void {
    if (this.#waiting) this.#fail(reason)
  }

  readonly #pulled = (pulled: Pulled): void => {
    if (!this.#waiting) return
    this.#waiting = false
    try {
      // Not among the parameters: it may be no object at all, which the attempt has to hear.
      const { done, value } = pulled
      if (done) {
        this.open = false
        return this.#resolve?.()
      }
      this.pending = undefined
      const told = this.#taker.take(value as ProviderEvent | readonly ProviderEvent[]) // not done
      if (told === undefined || this.#out.offer(told, this)) this.goOn()
    } catch (thrown) {
      this.#reject?.(thrown)
    }
  }

  /** What the provider has called complete stays so, whatever becomes of its connection afterwards. */
  readonly #fail = (reason: unknown): void => {
    this.#waiting = false
    if (this.#taker.complete) this.#resolve?.()
    else this.#reject?.(reason)
  }
}
