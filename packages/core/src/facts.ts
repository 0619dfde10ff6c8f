import { BudgetError, LLMError } from './error.ts'
import type { BudgetErrorFacts, LLMErrorFacts } from './error.ts'

/** The same failure with more facts: errors are never changed once thrown. */
export function withFacts(error: LLMError, facts: LLMErrorFacts): LLMError {
  const { stackTraceLimit } = Error
  // The stack is the one of the first error: to take another and write it out costs more than all the rest.
  Error.stackTraceLimit = 0
  try {
    const made = copyOf(error, facts)
    adoptStack(made, error)
    return made
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}

function copyOf(error: LLMError, facts: LLMErrorFacts): LLMError {
  // Facts have the names of the properties that tell them; those that no log may say are not among what is enumerated.
  const { cause, partial, details } = error
  const all: LLMErrorFacts = Object.assign({}, error, { cause, partial }, details, facts)
  return BudgetError.is(error)
    ? new BudgetError(error.message, all as BudgetErrorFacts) // as the brand says
    : new LLMError(error.kind, error.message, all)
}

/** Read when somebody asks: to write a stack out costs more than a whole retry. */
function adoptStack(made: LLMError, origin: LLMError): void {
  const become = (stack: unknown): void => {
    Object.defineProperty(made, 'stack', { value: stack, configurable: true, writable: true })
  }
  Object.defineProperty(made, 'stack', { get: () => origin.stack, set: become, configurable: true })
}
