import { isRecord } from './json.ts'

/**
 * The words of an error body, wherever it keeps them: `error.message`, `error`, `message`, `detail`, `errors[0].message`. A
 * body of plain text is words itself; a page, or JSON that was cut off, is not.
 */
export function errorMessage(body: unknown): string | undefined {
  if (typeof body === 'string') return /^\s*[^\s<{[]/.test(body) ? body.trim() : undefined
  if (!isRecord(body)) return undefined
  const { error, message, detail, errors } = body
  if (isRecord(error)) return errorMessage(error) ?? text(error['msg'])
  return (
    text(error) ??
    text(message) ??
    text(detail) ??
    (Array.isArray(detail) ? detailMessage(detail[0]) : undefined) ??
    (Array.isArray(errors) ? (text(errors[0]) ?? errorMessage(errors[0])) : undefined)
  )
}

function detailMessage(detail: unknown): string | undefined {
  return isRecord(detail) ? (text(detail['msg']) ?? text(detail['message'])) : text(detail)
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
