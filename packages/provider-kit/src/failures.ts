import { LLMError } from '@wayfare/core'
import type { ExchangeFacts } from './exchange.ts'
import type { Stage } from './socket-error.ts'

/** The caller's own reason where it is one of ours, else `cancelled`. */
export function cancelled(request: ExchangeFacts): LLMError {
  const reason: unknown = request.signal.reason
  if (LLMError.is(reason)) return reason
  return new LLMError('cancelled', `the request to ${request.facts.provider} was cancelled`, {
    ...request.facts,
    cause: reason,
  })
}

/** Which timer ran out, by how far the exchange had come. */
export function timedOut({ facts, timeout }: ExchangeFacts, stage: Stage): LLMError {
  const { provider } = facts
  if (stage === 'connect') {
    const message = `no connection to ${provider} within ${timeout.connectMs} ms; check the network or raise timeout.connectMs`
    return new LLMError('timeout', message, { ...facts, phase: 'connect', billed: 'no' })
  }
  if (stage === 'headers') {
    const message = `${provider} did not answer within ${timeout.firstByteMs} ms; raise timeout.firstByteMs to wait longer`
    return new LLMError('timeout', message, { ...facts, phase: 'headers' })
  }
  const message = `${provider} sent nothing for ${timeout.idleMs} ms; raise timeout.idleMs to wait longer`
  return new LLMError('timeout', message, { ...facts, phase: 'idle' })
}
