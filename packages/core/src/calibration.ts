import type { ProviderRequest } from './contract/provider.ts'
import type { Usage } from './contract/usage.ts'
import { estimateInput, roughInput } from './estimate.ts'
import { Recent } from './recent.ts'

const mostKeys = 10_000
/** Vendors' tokenizers differ by less; what differs by more is no matter of tokens. */
const largestRatio = 3

type Asked = Pick<ProviderRequest, 'messages' | 'tools'>

/**
 * How many tokens vendors count for each one of ours, learned from their own figures: the last one of a session at a model, else
 * of the model. It serves where an attempt ends without figures.
 */
export class Calibration {
  readonly #ofModels = new Recent<number>(mostKeys)
  readonly #ofSessions = new Recent<number>(mostKeys)

  /** A vendor said what it counted. */
  learn(model: string, session: string | undefined, request: Asked, usage: Usage): void {
    const { input, cacheRead, cacheWrite, cacheWrite1h } = usage
    const counted = input + cacheRead + cacheWrite + cacheWrite1h
    const rough = roughInput(request)
    if (counted === 0 || rough === 0) return
    const ratio = counted / rough
    this.#ofModels.set(model, ratio)
    if (session !== undefined) this.#ofSessions.set(within(session, model), ratio)
  }

  /** Input tokens of a request that the vendor did not count. Three times the estimate at most, which stays below its bytes. */
  input(model: string, session: string | undefined, request: Asked): number {
    const own = session === undefined ? undefined : this.#ofSessions.get(within(session, model))
    const ratio = own ?? this.#ofModels.get(model)
    const estimate = estimateInput(request)
    return ratio === undefined ? estimate : Math.min(Math.ceil(ratio * roughInput(request)), largestRatio * estimate)
  }
}

function within(session: string, model: string): string {
  return `${session}\0${model}`
}
