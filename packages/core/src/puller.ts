import type { Clock } from './contract/clock.ts'
import type { ProviderEvent } from './contract/provider.ts'
import type { Pulled } from './pulled.ts'
import type { Fold } from './fold.ts'
import type { Guard, Worker } from './guard.ts'

/** Pulls the events of one provider, and gives the pull under way up when the attempt is cut. */
export class Puller implements Worker {
  readonly iterator: AsyncIterator<ProviderEvent | readonly ProviderEvent[]>
  /** When it was first pulled: nothing was sent before. Clock milliseconds. */
  sentMs: number | undefined
  /** The pull that was not answered yet. */
  pending: Promise<Pulled> | undefined
  readonly #clock: Clock
  readonly #guard: Guard
  readonly #fold: Fold
  #resolve: ((pulled: Pulled | undefined) => void) | undefined
  #reject: ((reason: unknown) => void) | undefined

  constructor(iterator: Puller['iterator'], clock: Clock, guard: Guard, fold: Fold) {
    this.iterator = iterator
    this.#clock = clock
    this.#guard = guard
    this.#fold = fold
  }

  /** Undefined when it breaks after its end. */
  pull(): Promise<Pulled | undefined> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
      const { reason } = this.#guard
      if (reason !== undefined) return this.#fail(reason)
      this.sentMs ??= this.#clock.now()
      this.pending = this.iterator.next()
      this.pending.then(resolve, this.#fail)
    })
  }

  cut(reason: unknown): void {
    this.#fail(reason)
  }

  /** What the provider has called complete stays so, whatever becomes of its connection afterwards. */
  readonly #fail = (reason: unknown): void => {
    if (this.#fold.finished === undefined) this.#reject?.(reason)
    else this.#resolve?.(undefined)
  }
}
