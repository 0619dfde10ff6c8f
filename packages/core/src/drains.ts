import type { MaybePromise } from './contract/budget.ts'
import type { Clock } from './contract/clock.ts'
import type { ProviderEvent } from './contract/provider.ts'
import type { LLMError } from './error.ts'
import { eventsOf } from './pulled.ts'
import type { Pulled } from './pulled.ts'
import type { Fold } from './fold.ts'
import type { Guard } from './guard.ts'
import { leave } from './leave.ts'

const longestMs = 30_000
const mostCharacters = 8 * 2 ** 20
/** How long whoever closes the router waits for the rest. */
const closingMs = 5_000

/** An answer that its reader left. */
export interface LeftAnswer {
  readonly iterator: AsyncIterator<ProviderEvent | readonly ProviderEvent[]>
  /** What was asked for when the reader left. */
  readonly pending: Promise<Pulled> | undefined
  readonly fold: Fold
  readonly guard: Guard
}

/** Answers that nobody waits for any more, read on because the figures of their bills stand at their ends. */
export class Drains {
  readonly #clock: Clock
  /** Each with what cuts it. */
  readonly #running = new Map<Promise<void>, () => void>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Reads on in the background, for 30 seconds and 8 Mi characters at most; `settle` follows whatever comes of it. */
  start(answer: LeftAnswer, settle: () => MaybePromise<void>): void {
    let cut: (() => void) | undefined
    const over = new Promise<undefined>((resolve) => {
      cut = () => resolve(undefined)
    })
    const timer = this.#clock.timer(longestMs, () => cut?.())
    const work = readOn(answer, over)
      .then(() => timer.clear())
      .then(() => leave(this.#clock, answer.guard, answer.iterator))
      .then(settle)
      .finally(() => this.#running.delete(work))
    this.#running.set(work, () => cut?.())
  }

  /** Resolves when all have ended; those that take longer than five seconds are cut. */
  async end(): Promise<void> {
    if (this.#running.size === 0) return
    const cuts = [...this.#running.values()]
    const timer = this.#clock.timer(closingMs, () => {
      for (const cut of cuts) cut()
    })
    await Promise.all(this.#running.keys())
    timer.clear()
  }
}

/** Whether a call ended because its caller wanted no more of it: not through a deadline, and not because a rival was faster. */
export function isLeft({ kind, code }: LLMError): boolean {
  return kind === 'cancelled' && code !== 'outrun'
}

/** Ends early when it is `over`, and when the provider fails: what came until then is charged. */
async function readOn({ iterator, pending, fold }: LeftAnswer, over: Promise<undefined>): Promise<void> {
  let characters = 0
  try {
    for (let pull = pending; characters <= mostCharacters; pull = undefined) {
      const pulled = await Promise.race([pull ?? iterator.next(), over])
      if (pulled === undefined || pulled.done) return
      for (const event of eventsOf(pulled.value)) {
        fold.add(event)
        characters += lengthOf(event)
      }
    }
  } catch {
    // as when the provider is cut
  }
}

function lengthOf(event: ProviderEvent): number {
  switch (event.type) {
    case 'text_delta':
    case 'reasoning_delta':
      return event.text.length
    case 'tool_call_delta':
      return event.rawInput.length
    case 'part':
      return event.part.type === 'file' ? (event.part.data?.length ?? 0) : 0
    default:
      return 0
  }
}
