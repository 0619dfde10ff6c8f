import type { ProviderRequest } from '@wayfare/core'
import { isRecord, type AnswerHead } from '@wayfare/provider-kit'

/** Whether an answer is one JSON body, which some servers send though asked for a stream. */
export function isWhole({ contentType }: AnswerHead, { stream }: ProviderRequest): boolean {
  return contentType !== 'text/event-stream' && (contentType === 'application/json' || !stream)
}

/** Whether a JSON body, or one chunk of it, is an answer or an error of this wire. */
export function isAnswer(chunk: unknown): boolean {
  return isRecord(chunk) && ['candidates', 'promptFeedback', 'error'].some((key) => key in chunk)
}
