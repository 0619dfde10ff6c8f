import type { Budget, ReserveRequest, ReserveResult, Settlement, SoftLimit } from '@wayfare/core'

type State = 'reserved' | 'dispatched' | 'settled' | 'void'
type Method = 'reserve' | 'dispatch' | 'settle' | 'void'

interface Entry {
  readonly request: ReserveRequest
  state: State
  /** Whether it was to be dispatched: should the answer be lost, nobody knows whether it was. */
  asked?: boolean
  settlement?: Settlement
}

export interface LedgerOptions {
  /** USD that one attempt sets aside. */
  readonly worstUsd?: number
  readonly hardUsd?: number
  readonly maxOutputTokens?: number
  /** Told with every reservation. */
  readonly soft?: (request: ReserveRequest) => readonly SoftLimit[]
  /** Refuses some targets. */
  readonly refuse?: (request: ReserveRequest) => boolean
  /** Runs before each method; what it throws is a store that is down, what it awaits a store that is slow. */
  readonly before?: (method: Method, attemptId: string) => void | Promise<void>
}

/** A budget with one global limit that writes down who did what when, and every breach of the port's protocol. */
export class Ledger implements Budget {
  readonly entries: Map<string, Entry> = new Map()
  /** `method provider/model`, in order. */
  readonly log: string[] = []
  readonly violations: string[] = []
  readonly #options: LedgerOptions

  constructor(options: LedgerOptions = {}) {
    this.#options = options
  }

  async reserve(request: ReserveRequest): Promise<ReserveResult> {
    const { worstUsd = 1, hardUsd = Infinity, maxOutputTokens, soft, refuse } = this.#options
    await this.#options.before?.('reserve', request.attemptId)
    this.log.push(`reserve ${request.provider}/${request.model}`)
    if (refuse?.(request) || this.postedUsd + this.pendingUsd + worstUsd > hardUsd) {
      return { ok: false, scope: { kind: 'global' }, limitUsd: hardUsd, reason: 'exhausted' }
    }
    if (!this.entries.has(request.attemptId)) this.entries.set(request.attemptId, { request, state: 'reserved' })
    return {
      ok: true,
      amountUsd: worstUsd,
      ...(maxOutputTokens !== undefined && { maxOutputTokens }),
      ...(soft !== undefined && { soft: soft(request) }),
    }
  }

  async dispatch(attemptId: string): Promise<void> {
    const entry = this.entries.get(attemptId)
    if (entry !== undefined) entry.asked = true
    await this.#options.before?.('dispatch', attemptId)
    this.#move('dispatch', attemptId, ['reserved'], 'dispatched')
  }

  async settle(attemptId: string, settlement: Settlement): Promise<void> {
    await this.#options.before?.('settle', attemptId)
    const asked = this.entries.get(attemptId)?.asked
    const entry = this.#move('settle', attemptId, asked ? ['reserved', 'dispatched'] : ['dispatched'], 'settled')
    if (entry !== undefined) entry.settlement = settlement
  }

  async void(attemptId: string): Promise<void> {
    await this.#options.before?.('void', attemptId)
    // An id that was never reserved may be freed: whoever asked could not know whether it was.
    if (this.entries.has(attemptId)) this.#move('void', attemptId, ['reserved'], 'void')
    else this.log.push('void of an unknown id')
  }

  get pendingUsd(): number {
    const { worstUsd = 1 } = this.#options
    return worstUsd * this.#count((entry) => entry.state === 'reserved' || entry.state === 'dispatched')
  }

  get postedUsd(): number {
    return this.settlements.reduce((sum, { costUsd = 0 }) => sum + costUsd, 0)
  }

  get settlements(): readonly Settlement[] {
    return [...this.entries.values()].flatMap(({ settlement }) => settlement ?? [])
  }

  #count(test: (entry: Entry) => boolean): number {
    return [...this.entries.values()].filter(test).length
  }

  #move(method: Method, attemptId: string, from: readonly State[], to: State): Entry | undefined {
    const entry = this.entries.get(attemptId)
    this.log.push(`${method} ${entry?.request.provider}/${entry?.request.model}`)
    if (entry === undefined || !from.includes(entry.state)) {
      this.violations.push(`${method} of an attempt that is ${entry?.state ?? 'unknown'}`)
      return undefined
    }
    entry.state = to
    return entry
  }
}
