import { LLMError } from '@wayfare/core'

/** A balance as it was told, in numbers or in digits; it may be negative. Throws `protocol` for what is no number. */
export function usdLeft(vendor: string, told: unknown): number {
  const left = typeof told === 'string' && told.trim() !== '' ? Number(told) : told
  if (typeof left === 'number' && Number.isFinite(left)) return left
  throw new LLMError('protocol', `${vendor} told its balance in a way that cannot be read; look it up there`, {
    provider: vendor,
  })
}
