import type { Admission, CostTrackerOptions, LimitSettings, Posting, ReserveOrder } from '@wayfare/cost'
import type { Answer, Reply } from '@wayfare/emulator'
import { CostTracker, MemoryStore } from '@wayfare/cost'
import { BudgetError, LLMError, PriceRegistry } from '@wayfare/llm'
import type { ChatCall, ChatEvent, ChatResponse, FallbackRule, LLM, LLMOptions } from '@wayfare/llm'
import { played, record } from './recording.ts'
import { wires } from './wires.ts'
import type { Wire } from './wires.ts'

/** Those whose vendor takes money; what runs at home is free, whatever the limit. */
export const paidWires: readonly Wire[] = wires.filter((wire) => wire.name !== 'ollama')

/** Input is free and a thousand tokens of output are ten cents: what a call sets aside is known to the nano-USD. */
export const outputOnly = { input: 0, output: 100 }
export const perThousandUsd = 0.1

/** Options of a router under these limits, at these prices. */
export function limited(
  limits: LimitSettings,
  more: Partial<CostTrackerOptions> = {},
): Pick<LLMOptions, 'limits' | 'costs' | 'prices' | 'random'> & { readonly costs: CostTracker } {
  const prices = new PriceRegistry({ entries: [], fallbackRate: outputOnly })
  // Ids that differ need numbers that differ.
  return { limits: undefined, random: undefined, prices, costs: new CostTracker({ limits, pricing: prices, ...more }) }
}

/** A ledger in memory that is looked at after every change. */
export class WatchedStore extends MemoryStore {
  /** The most that was ever posted and pending together, in all. */
  mostUsd = 0

  override reserve(order: ReserveOrder): Admission {
    return this.#looked(super.reserve(order))
  }

  override settle(id: string, posting: Posting): boolean {
    return this.#looked(super.settle(id, posting))
  }

  override sweep(): number {
    return this.#looked(super.sweep())
  }

  #looked<T>(result: T): T {
    const { posted = 0, pending = 0 } = this.figures({ kind: 'global' }) ?? {}
    this.mostUsd = Math.max(this.mostUsd, (posted + pending) / 1e9)
    return result
  }
}

/** The answer with its figures, also where a server of the dialect streams none unasked. */
export async function counted(wire: Wire, answer: Answer): Promise<Reply> {
  return wire.name === 'openai-compatible' ? played(wire, await record(wire, answer)) : answer
}

export function beyond(limit: 'soft' | 'hard', to: Wire): FallbackRule {
  return { trigger: 'cost_limit', limit, action: 'switch_provider', provider: to.name, model: to.model }
}

export interface Told {
  readonly events: readonly ChatEvent[]
  readonly response?: ChatResponse
  readonly error?: LLMError
}

/** Reads a call to its end. */
export async function tell(llm: LLM, call: Partial<ChatCall> = {}): Promise<Told> {
  const events: ChatEvent[] = []
  const stream = llm.stream({ messages: 'Hello?', ...(call as object) })
  try {
    for await (const event of stream) events.push(event)
    return { events, response: await stream.response() }
  } catch (error) {
    if (LLMError.is(error)) return { events, error }
    throw error
  }
}

/** A refusal by a limit, in short. */
export function refusalOf(error: unknown): object | undefined {
  if (!BudgetError.is(error)) return undefined
  const { scope, limitUsd, reason } = error
  return { scope, limitUsd, reason }
}

/** The most output that a request asks for, wherever its wire puts it. */
export function askedOutput(body: unknown): number | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  for (const [name, value] of Object.entries(body)) {
    if (/^(max_?(completion_|output_)?tokens|maxOutputTokens|num_predict)$/.test(name)) return value as number // a wire's figure
    const below = askedOutput(value)
    if (below !== undefined) return below
  }
  return undefined
}
