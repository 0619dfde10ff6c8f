import { statusVerdict, type ErrorReader } from '@wayfare/provider-kit'

/** Without a retry-after, the wait is until the limit that was hit is whole again. */
export const readError: ErrorReader = (answer) => {
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
