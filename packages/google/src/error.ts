import type { LLMErrorKind } from '@wayfare/core'
import { isRecord } from '@wayfare/provider-kit'
import type { ErrorReader } from '@wayfare/provider-kit'
import { text } from './wire.ts'

/** `error.status` where it says more than the HTTP status. */
const kinds: Readonly<Record<string, LLMErrorKind>> = {
  UNAUTHENTICATED: 'auth',
  PERMISSION_DENIED: 'permission',
  NOT_FOUND: 'model_not_found',
  RESOURCE_EXHAUSTED: 'rate_limit',
  UNAVAILABLE: 'overloaded',
  DEADLINE_EXCEEDED: 'timeout',
  INTERNAL: 'server',
}

/** What the message says where the code does not. A context that is too long is an INTERNAL error now and then. */
const sayings: readonly { readonly words: RegExp; readonly kind: LLMErrorKind }[] = [
  { words: /exceeds the maximum number of tokens allowed/i, kind: 'context_length' },
  { words: /api key (?:not valid|expired)|reported as leaked/i, kind: 'auth' },
]

/** Quotas: a limit of zero is no permission at all, and a daily one does not pass by waiting a little. */
export const readError: ErrorReader = ({ status, body: wrapped }) => {
  const body: unknown = Array.isArray(wrapped) ? wrapped[0] : wrapped
  if (!isRecord(body) || !isRecord(body['error'])) return undefined
  const error = body['error']
  const code = text(error['status'])
  const message = text(error['message']) ?? ''
  const details = Array.isArray(error['details']) ? error['details'].filter(isRecord) : []
  const kind = kindOf(status === 402 || error['code'] === 402, code, message, details)
  if (kind === undefined) return undefined
  const retryAfterMs = kind === 'billing' ? undefined : retryDelay(details)
  return {
    kind,
    ...(code !== undefined && { code }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(kind === 'rate_limit' && isDaily(details) && { retryable: false, code: 'daily_quota' }),
    ...(kind === 'timeout' && { phase: 'server' as const }),
  }
}

type Details = readonly Readonly<Record<string, unknown>>[]

function kindOf(
  unpaid: boolean,
  code: string | undefined,
  message: string,
  details: Details,
): LLMErrorKind | undefined {
  const said = sayings.find((saying) => saying.words.test(message))
  if (said !== undefined) return said.kind
  if (details.some((detail) => detail['reason'] === 'API_KEY_INVALID')) return 'auth'
  if (unpaid) return 'billing'
  // A precondition is either the country or the bill.
  if (code === 'FAILED_PRECONDITION') return isUnpaid(message) ? 'billing' : 'region_blocked'
  if (code === 'RESOURCE_EXHAUSTED' && /\blimit: 0\b/.test(message)) return 'permission'
  return code !== undefined && Object.hasOwn(kinds, code) ? kinds[code] : undefined
}

/** Where the free tier is not offered, the message speaks of billing as the way out. */
function isUnpaid(message: string): boolean {
  return /billing/i.test(message) && !/country|region|territory|location/i.test(message)
}

function isDaily(details: Details): boolean {
  return ofType(details, 'QuotaFailure')
    .flatMap((detail): unknown[] => (Array.isArray(detail['violations']) ? detail['violations'] : []))
    .some((violation) => isRecord(violation) && /PerDay/.test(text(violation['quotaId']) ?? ''))
}

/** Milliseconds of `RetryInfo.retryDelay`, such as "34.4s". There is no Retry-After header. */
function retryDelay(details: Details): number | undefined {
  const delay = ofType(details, 'RetryInfo').map((detail) => text(detail['retryDelay']))[0]
  if (delay === undefined || !/^(?:\d+(?:\.\d+)?[hms])+$/.test(delay)) return undefined
  const units: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000 }
  const pieces = [...delay.matchAll(/(\d+(?:\.\d+)?)([hms])/g)]
  return Math.ceil(pieces.reduce((sum, [, amount, unit]) => sum + Number(amount) * (units[unit ?? ''] ?? 0), 0))
}

function ofType(details: Details, type: string): Details {
  return details.filter((detail) => text(detail['@type'])?.endsWith(`.${type}`) === true)
}
