import { errorMessage, isRecord, statusVerdict, type ErrorAnswer, type ErrorReader } from '@wayfare/provider-kit'

/** What the vendor's own codes mean, and, without a retry-after, how long a limit that was hit takes to be whole again. */
export const readError: ErrorReader = (answer) => byCode(answer) ?? untilReset(answer)

const byCode: ErrorReader = ({ status, body }) => {
  const error = isRecord(body) && isRecord(body['error']) ? body['error'] : {}
  const { code, param } = error
  // An item of the history that is not kept, not a model that is not known.
  if (status === 404 && param === 'input' && code !== 'model_not_found') return { kind: 'bad_request' }
  if (code === 'image_content_policy_violation') return { kind: 'content_filter', phase: 'input' }
  if (code !== 'invalid_prompt') return undefined
  if (/flagged|usage policy/i.test(errorMessage(body) ?? '')) return { kind: 'content_filter', phase: 'input' }
  return { kind: 'bad_request' }
}

function untilReset(answer: ErrorAnswer): ReturnType<ErrorReader> {
  const { headers } = answer
  if (headers.has('retry-after') || headers.has('retry-after-ms')) return undefined
  const { kind, retryable } = statusVerdict(answer)
  if (kind !== 'rate_limit' || retryable === false) return undefined
  const waits = ['requests', 'tokens']
    .filter((what) => headers.get(`x-ratelimit-remaining-${what}`) === '0')
    .flatMap((what) => duration(headers.get(`x-ratelimit-reset-${what}`)) ?? [])
  return waits.length === 0 ? undefined : { retryAfterMs: Math.max(...waits) }
}

/** `6m0s`, `1.5s`, `20ms` in milliseconds. */
function duration(value: string | undefined): number | undefined {
  if (value === undefined || !/^(\d+(\.\d+)?(h|ms|m|s))+$/.test(value)) return undefined
  const pieces = value.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g)
  return [...pieces].reduce((sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ''] ?? 0), 0)
}

const units: { readonly [unit: string]: number } = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 }
