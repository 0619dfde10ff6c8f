import { statusVerdict, type ErrorAnswer, type ErrorVerdict } from '@wayfare/provider-kit'

/**
 * How long to wait when a rate limit was hit and the answer has no retry-after: until every limit that is used up is whole
 * again, by `x-ratelimit-remaining-<limit>` and `x-ratelimit-reset-<limit>`. Undefined for any other failure.
 */
export function untilReset(answer: ErrorAnswer, limits: readonly string[]): Partial<ErrorVerdict> | undefined {
  const { headers } = answer
  if (headers.has('retry-after') || headers.has('retry-after-ms')) return undefined
  const { kind, retryable } = statusVerdict(answer)
  if (kind !== 'rate_limit' || retryable === false) return undefined
  const waits = limits
    .filter((limit) => headers.get(`x-ratelimit-remaining-${limit}`) === '0')
    .flatMap((limit) => duration(headers.get(`x-ratelimit-reset-${limit}`)) ?? [])
  return waits.length === 0 ? undefined : { retryAfterMs: Math.max(...waits) }
}

/** `6m0s`, `2m59.56s`, `20ms`, or seconds without a unit, in milliseconds. */
function duration(value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  if (/^\d+(\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1000)
  if (!/^(\d+(\.\d+)?(h|ms|m|s))+$/.test(value)) return undefined
  const pieces = value.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g)
  return Math.ceil([...pieces].reduce((sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ''] ?? 0), 0))
}

const units: { readonly [unit: string]: number } = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 }
