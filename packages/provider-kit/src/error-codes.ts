import { isRecord } from './json.ts'

/** The codes of an error body, lower case, the most specific first: `code`, `type`, `status` and their nested kin. */
export function errorCodes(body: unknown): readonly string[] {
  if (!isRecord(body)) return []
  const error = isRecord(body['error']) ? body['error'] : body
  const inner = error['innererror']
  const details = error['details']
  const metadata = error['metadata']
  return [
    isRecord(details) && details['error_code'],
    isRecord(metadata) && metadata['error_type'],
    isRecord(inner) && inner['code'],
    error['code'],
    error['error_type'],
    error['type'],
    error['status'],
    error !== body && body['code'],
  ].flatMap((code) => (typeof code === 'string' && code !== '' ? [code.toLowerCase()] : []))
}

/** The status that an error inside a successful answer stands for: its numeric code, else what its words say, else 500. */
export function innerStatus(body: unknown): number {
  const error = isRecord(body) && isRecord(body['error']) ? body['error'] : body
  if (isRecord(error)) {
    for (const key of ['code', 'status', 'status_code', 'statusCode']) {
      const code = Number(error[key])
      if (code >= 400 && code < 600) return code
    }
  }
  const codes = errorCodes(body).join(' ')
  return words.find(([pattern]) => pattern.test(codes))?.[1] ?? 500
}

const words: readonly (readonly [RegExp, number])[] = [
  [/rate_?limit|too_many_requests|resource_exhausted/, 429],
  [/overloaded|slow_down|capacity|unavailable/, 503],
  [/timeout|deadline_exceeded/, 408],
  [/billing|payment/, 402],
  [/authentication|unauthenticated|invalid_api_key/, 401],
  [/permission|forbidden/, 403],
  [/not_found/, 404],
  [/too_large/, 413],
  [/invalid|bad_request|unprocessable/, 400],
]
