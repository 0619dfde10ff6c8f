import type { ProviderRequest } from '@wayfare/core'
import { isRecord, type AnswerHead } from '@wayfare/provider-kit'

/** Whether an answer is one JSON body: that is one line as well, but a proxy may have laid it out over several. */
export function isWhole({ contentType }: AnswerHead, { stream }: ProviderRequest): boolean {
  return contentType === 'application/json' || !stream
}

/** Whether a JSON body is an answer or an error of this wire. */
export function isAnswer(body: unknown): boolean {
  return isRecord(body) && ('message' in body || 'error' in body || 'done' in body)
}
