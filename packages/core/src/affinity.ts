import type { Clock } from './contract/clock.ts'
import type { ModelTarget } from './contract/model.ts'
import { Recent } from './recent.ts'
import { keyOf } from './reference.ts'

const mostSessions = 10_000

interface Answer {
  /** The key of the target. */
  readonly by: string
  /** Clock milliseconds. */
  readonly at: number
}

/** Which target answered a session last, and when. */
export class Affinity {
  readonly #answers = new Recent<Answer>(mostSessions)
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  answered(session: string, target: ModelTarget): void {
    this.#answers.set(session, { by: keyOf(target), at: this.#clock.now() })
  }

  /** The key of the target that answered last, if that was at most so long ago. */
  claim(session: string, ttlMs: number): string | undefined {
    const answer = this.#answers.get(session)
    return answer === undefined || this.#clock.now() - answer.at > ttlMs ? undefined : answer.by
  }
}
