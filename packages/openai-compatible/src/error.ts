import { isRecord, parseJSON } from '@wayfare/provider-kit'
import type { Wire } from './wire.ts'

/** The body of an error that came as an event or field of its own. */
export function parsedError(data: string): unknown {
  try {
    const value = parseJSON(data)
    return isRecord(value) && !hasError(value) ? { error: value } : value
  } catch {
    return { error: data }
  }
}

/** Whether a chunk or a whole body is an error, in either of the forms that vendors use. */
export function hasError(chunk: Wire): boolean {
  return (chunk['error'] ?? null) !== null || chunk['object'] === 'error'
}
