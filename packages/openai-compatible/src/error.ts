import { isRecord, parseJSON, type ErrorReader } from '@wayfare/provider-kit'
import type { Dialect } from './dialect.ts'
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

/** What a dialect knows of an error; the id of the request is where the dialect says. */
export function errorReader({ requestIdHeader, readError }: Dialect): ErrorReader | undefined {
  if (requestIdHeader === undefined) return readError
  return (answer) => ({ requestId: answer.headers.get(requestIdHeader), ...readError?.(answer) })
}

/** The code of an error body, of its error or its own; '' when there is none. */
export function errorCode(body: unknown): string {
  if (!isRecord(body)) return ''
  const { code = body['code'] } = isRecord(body['error']) ? body['error'] : body
  return typeof code === 'string' ? code : ''
}
