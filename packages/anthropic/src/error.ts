import type { LLMErrorKind } from '@wayfare/core'
import { isRecord } from '@wayfare/provider-kit'
import type { ErrorReader } from '@wayfare/provider-kit'
import { text } from './wire.ts'

/** `error.type`. */
const types: Readonly<Record<string, LLMErrorKind>> = {
  invalid_request_error: 'bad_request',
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
export const readError: ErrorReader = ({ body }) => {
  if (!isRecord(body) || !isRecord(body['error'])) return undefined
  const error = body['error']
  const type = text(error['type'])
  const known = type !== undefined && Object.hasOwn(types, type) ? types[type] : undefined
  if (known === undefined) return undefined
  const code = text(isRecord(error['details']) ? error['details']['error_code'] : undefined)
  const kind = kindOf(known, code, text(error['message']) ?? '')
  const requestId = text(body['request_id'])
  return {
    kind,
    code: code ?? type,
    ...(requestId !== undefined && { requestId }),
    ...(kind === 'timeout' && { phase: 'server' as const }),
    ...(kind === 'content_filter' && { phase: 'input' as const }),
  }
}

function kindOf(kind: LLMErrorKind, code: string | undefined, message: string): LLMErrorKind {
  if (code?.endsWith('spend_limit_reached')) return 'billing'
  if (kind !== 'bad_request' && kind !== 'rate_limit') return kind
  return refusals.find((refusal) => refusal.words.test(message))?.kind ?? kind
}
