import type { ProviderRequest } from '@wayfare/core'
import type { AnswerHead } from '@wayfare/provider-kit'

/** Whether an answer is one JSON body, which some servers send though asked for a stream. */
export function isWhole({ contentType }: AnswerHead, { stream }: ProviderRequest): boolean {
  return contentType === 'application/json' || !stream
}
