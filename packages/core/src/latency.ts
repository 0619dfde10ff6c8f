import type { Clock } from './contract/clock.ts'
import type { ModelTarget } from './contract/model.ts'
import { Recent } from './recent.ts'
import { keyOf } from './reference.ts'

const mostTargets = 1_000
/** How much the newest measurement counts. */
const share = 0.3
/** A target that was slow once gets another chance when its figure is older than this. */
const freshMs = 600_000

interface Measure {
  readonly ms: number
  /** Clock milliseconds. */
  readonly at: number
}

/** How long targets take to their first output, as a moving average. */
export class Latency {
  readonly #measures = new Recent<Measure>(mostTargets)
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Milliseconds; undefined when it was not measured lately. */
  of(target: ModelTarget): number | undefined {
    const measure = this.#measures.get(keyOf(target))
    return measure === undefined || this.#clock.now() - measure.at > freshMs ? undefined : measure.ms
  }

  /** The first output came after `ms`. */
  took(target: ModelTarget, ms: number): void {
    const before = this.of(target)
    this.#set(target, before === undefined ? ms : before + share * (ms - before))
  }

  /** No output came within `ms`, after which nobody waited any longer. */
  tookMoreThan(target: ModelTarget, ms: number): void {
    if (ms > (this.of(target) ?? 0)) this.took(target, ms)
  }

  #set(target: ModelTarget, ms: number): void {
    this.#measures.set(keyOf(target), { ms, at: this.#clock.now() })
  }
}
