import type { LLMErrorKind } from '@wayfare/core'
import { isRecord } from '@wayfare/provider-kit'
import type { ErrorReader } from '@wayfare/provider-kit'
import { text } from './wire.ts'

/** `error.type`, where it says more than the status: `invalid_request_error` comes with many. */
const types: Readonly<Record<string, LLMErrorKind>> = {
  authentication_error: 'auth',
  billing_error: 'billing',
  permission_error: 'permission',
  not_found_error: 'model_not_found',
  conflict_error: 'conflict',
  request_too_large: 'request_too_large',
  rate_limit_error: 'rate_limit',
  api_error: 'server',
  timeout_error: 'timeout',
  overloaded_error: 'overloaded',
}

/** What a request that looked wrong was refused for, by the vendor's own words: it gives no code. */
const refusals: readonly { readonly words: RegExp; readonly kind: LLMErrorKind }[] = [
  { words: /credit balance is too low|you have reached your specified .{0,24}api usage limits/i, kind: 'billing' },
  { words: /prompt is too long|prompt: length|exceed context limit/i, kind: 'context_length' },
  { words: /content filtering policy/i, kind: 'content_filter' },
  // Some gateways answer 429 to this; waiting would not help.
  { words: /signature in (?:a )?thinking block/i, kind: 'bad_request' },
]

/** What the vendor's error type says, of an answer or of an event inside a stream. */
export const readError: ErrorReader = ({ body, now }) => {
  if (!isRecord(body) || !isRecord(body['error'])) return undefined
  const error = body['error']
  const type = text(error['type'])
  if (type === undefined) return undefined
  const code = text(isRecord(error['details']) ? error['details']['error_code'] : undefined)
  const kind = kindOf(type, code, text(error['message']) ?? '')
  const requestId = text(body['request_id'])
  return {
    ...(kind !== undefined && { kind }),
    code: code ?? type,
    ...(requestId !== undefined && { requestId }),
    ...(code === spent && { retryAfterMs: untilNextMonth(now) }),
    ...(kind === 'timeout' && { phase: 'server' as const }),
    ...(kind === 'content_filter' && { phase: 'input' as const }),
  }
}

/** Spending begins anew with the month, by UTC. */
const spent = 'enforced_spend_limit_reached'

function kindOf(type: string, code: string | undefined, message: string): LLMErrorKind | undefined {
  if (code === spent) return 'billing'
  const said = refusals.find((refusal) => refusal.words.test(message))?.kind
  if (type === 'invalid_request_error') return said
  const kind = Object.hasOwn(types, type) ? types[type] : undefined
  return kind === 'rate_limit' ? (said ?? kind) : kind
}

function untilNextMonth(now: Date): number {
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1) - now.getTime()
}
