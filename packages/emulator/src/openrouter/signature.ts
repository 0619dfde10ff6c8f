import { sign } from '../signature.ts'

/** Every signature that this wire hands out begins so. */
const signaturePrefix = 'ErUBopenrouter'

export function reasoningSignature(reasoning: string): string {
  return sign(signaturePrefix, reasoning)
}
