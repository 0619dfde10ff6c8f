import type { ProviderRequest } from '@wayfare/core'
import type { AnswerHead } from '@wayfare/provider-kit'

/** Whether an answer is one JSON body: servers that ignore `stream` send one, whatever was asked. */
export function isWhole({ contentType }: AnswerHead, { stream }: ProviderRequest): boolean {
  if (contentType === 'text/event-stream') return false
  return contentType.endsWith('json') || !stream
}
