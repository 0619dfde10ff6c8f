import { BudgetError, LLMError } from './error.ts'
import type { LLMErrorFacts } from './error.ts'

/** The same failure with more facts: errors are never changed once thrown. */
export function withFacts(error: LLMError, facts: LLMErrorFacts): LLMError {
  const all: LLMErrorFacts = { ...factsOf(error), ...facts }
  const made = copyOf(error, all)
  adoptStack(made, error)
  return made
}

function copyOf(error: LLMError, all: LLMErrorFacts): LLMError {
  const { stackTraceLimit } = Error
  // The stack is the one of the first error: to take another and write it out costs more than all the rest.
  Error.stackTraceLimit = 0
  try {
    return make(error, all)
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}

function make(error: LLMError, all: LLMErrorFacts): LLMError {
  return BudgetError.is(error)
    ? new BudgetError(error.message, {
        ...all,
        scope: error.scope,
        limitUsd: error.limitUsd,
        reason: error.reason,
        resetsAt: error.resetsAt,
      })
    : new LLMError(error.kind, error.message, all)
}

/** Read when somebody asks: to write a stack out costs more than a whole retry. */
function adoptStack(made: LLMError, origin: LLMError): void {
  const become = (stack: unknown): void => {
    Object.defineProperty(made, 'stack', { value: stack, configurable: true, writable: true })
  }
  Object.defineProperty(made, 'stack', { get: () => origin.stack, set: become, configurable: true })
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
