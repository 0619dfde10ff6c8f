import { BudgetError, LLMError } from './error.ts'
import type { LLMErrorFacts } from './error.ts'

/** The same failure with more facts: errors are never changed once thrown. */
export function withFacts(error: LLMError, facts: LLMErrorFacts): LLMError {
  const all: LLMErrorFacts = { ...factsOf(error), ...facts }
  const made = BudgetError.is(error)
    ? new BudgetError(error.message, {
        ...all,
        scope: error.scope,
        limitUsd: error.limitUsd,
        reason: error.reason,
        resetsAt: error.resetsAt,
      })
    : new LLMError(error.kind, error.message, all)
  if (error.stack !== undefined)
    Object.defineProperty(made, 'stack', { value: error.stack, configurable: true, writable: true })
  return made
}

function factsOf(error: LLMError): LLMErrorFacts {
  const {
    provider,
    model,
    status,
    code,
    requestId,
    retryable,
    retryAfterMs,
    phase,
    billed,
    cause,
    partial,
    attempts,
    costUsd,
    sideEffects,
  } = error
  const { providerMessage } = error.details
  return {
    provider,
    model,
    status,
    code,
    requestId,
    retryable,
    retryAfterMs,
    phase,
    billed,
    cause,
    partial,
    attempts,
    costUsd,
    sideEffects,
    providerMessage,
  }
}
