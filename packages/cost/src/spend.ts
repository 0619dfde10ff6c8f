import type { PricingSource } from '@wayfare/core'
import { usdOf } from './nano.ts'
import type { AgentFigures, Figures, ScopeFigures } from './store.ts'

export interface Spend {
  /** USD posted. */
  readonly costUsd: number
  /** USD set aside for attempts under way. */
  readonly pendingUsd: number
  /** Fresh, cached and cache-writing tokens together. */
  readonly inputTokens: number
  readonly outputTokens: number
  /** Attempts that produced an answer. */
  readonly messages: number
  readonly attempts: number
  /** Attempts whose price is unknown; they are not in `costUsd`. */
  readonly unpriced: number
  readonly pricingSources: readonly PricingSource[]
}

export interface SessionStats extends Spend {
  readonly session: string
  /** Empty when the session has none. */
  readonly agent: string
}

export interface AgentStats extends Spend {
  readonly agent: string
  /** Those that are remembered. */
  readonly sessions: number
}

const nothing: Figures = {
  posted: 0,
  inputTokens: 0,
  outputTokens: 0,
  messages: 0,
  attempts: 0,
  unpriced: 0,
  sources: [],
}

export function spendOf(figures: Figures = nothing, pending = 0): Spend {
  const { posted, inputTokens, outputTokens, messages, attempts, unpriced, sources } = figures
  return {
    costUsd: usdOf(posted),
    pendingUsd: usdOf(pending),
    inputTokens,
    outputTokens,
    messages,
    attempts,
    unpriced,
    pricingSources: sources,
  }
}

export function sessionStats(
  session: string,
  figures: ScopeFigures | undefined,
  agent: string | undefined,
): SessionStats {
  return { session, agent: figures?.agent ?? agent ?? '', ...spendOf(figures, figures?.pending) }
}

export function agentStats(figures: AgentFigures): AgentStats {
  const { agent, sessions, pending } = figures
  return { agent, sessions, ...spendOf(figures, pending) }
}

/** The part of a session's id before the first colon. */
export function agentOf(session: string): string | undefined {
  const colon = session.indexOf(':')
  return colon > 0 ? session.slice(0, colon) : undefined
}
