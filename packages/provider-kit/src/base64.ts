import { LLMError } from '@wayfare/core'

/** The data of a file as base64. Throws `config` for text that is no base64, such as a data URL. */
export function base64Of(data: Uint8Array | string): string {
  if (typeof data !== 'string') return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64')
  if (/[^A-Za-z0-9+/=]/.test(data)) {
    throw new LLMError(
      'config',
      'the data of a file is not base64; pass bytes, or base64 without line breaks and without "data:" in front',
    )
  }
  return data
}
