import { sign } from '../signature.ts'

/** Every signature that this wire hands out begins so. */
const signaturePrefix = 'EqMBanthropic'

export function thinkingSignature(thinking: string): string {
  return sign(signaturePrefix, thinking)
}
