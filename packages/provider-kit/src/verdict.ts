import type { LLMErrorFacts, LLMErrorKind } from '@wayfare/core'
import { errorCodes, innerStatus } from './error-codes.ts'
import { errorMessage } from './error-message.ts'
import { essence } from './response.ts'

/** An error as a server told it, with a status of its own or inside a successful answer. */
export interface ErrorAnswer {
  readonly status: number
  /** Lower-case names. */
  readonly headers: ReadonlyMap<string, string>
  /** Parsed JSON, or text, or undefined. */
  readonly body: unknown
  readonly now: Date
}

export interface ErrorVerdict extends LLMErrorFacts {
  readonly kind: LLMErrorKind
  /** Replaces our standard sentence for the kind; it must not quote the server. */
  readonly message?: string | undefined
}

/** What a failure means, by codes in the body, then by its words, then by its status. */
export function statusVerdict(answer: ErrorAnswer): ErrorVerdict {
  const codes = errorCodes(answer.body)
  const inside = answer.status < 400
  const status = inside ? innerStatus(answer.body) : answer.status
  const code = codes[0]
  return {
    ...(code !== undefined && { code }),
    ...(byCode(codes, status) ?? byWords(errorMessage(answer.body) ?? '', status) ?? byStatus(answer, status)),
    // A whole body that is an error is a refusal; inside a stream the work had begun.
    ...(inside && { billed: isWhole(answer) ? ('no' as const) : ('unknown' as const) }),
  }
}

function isWhole({ headers }: ErrorAnswer): boolean {
  return essence(headers) === 'application/json'
}

const BILLING =
  /^(insufficient_quota|insufficient_(balance|credits|funds)|credit_balance_exhausted|billing_\w+|payment_required|budget_exceeded|token_quota_reached)$|_(spend_limit_(exceeded|reached)|usage_limit_exceeded)$/
const CONTEXT = /^(context_length_exceeded|exceed_context_size_error|context_window_exceeded)$/
const CONTENT = /^(content_filter|content_policy_violation|responsibleaipolicyviolation|moderation_blocked)$/
const OVERLOADED = /^(overloaded|overloaded_error|server_is_overloaded|slow_down|capacity_exhausted)$/
const REGION = /^unsupported_country/

function byCode(codes: readonly string[], status: number): ErrorVerdict | undefined {
  const has = (pattern: RegExp): boolean => codes.some((code) => pattern.test(code))
  if (has(BILLING)) return { kind: 'billing' }
  if (has(CONTEXT)) return { kind: 'context_length' }
  if (has(CONTENT)) return { kind: 'content_filter', phase: 'input' }
  if (has(REGION)) return { kind: 'region_blocked' }
  if (codes.includes('model_not_found')) return { kind: 'model_not_found' }
  if (codes.includes('invalid_api_key')) return { kind: 'auth' }
  if (status !== 429 && has(OVERLOADED)) return { kind: 'overloaded' }
  return undefined
}

const CONTEXT_WORDS = [
  /prompt is too long|exceeds? (the )?(model's )?(maximum |available )?context|context (length|window|limit) exceeded/i,
  /maximum context (length|limit)|longer than the model's context length|exceed context limit/i,
  /input tokens exceed the configured limit|exceeds the maximum number of tokens allowed/i,
  /`inputs` tokens \+ `max_new_tokens` must be/i,
  /current length is .{1,40} while limit is/i,
  /maximum input length is .{1,40} tokens/i,
]

/** Patterns come last and only see the server's own words: bodies may echo the prompt. */
function byWords(message: string, status: number): ErrorVerdict | undefined {
  if (
    /credit balance is too low|specified (workspace )?api usage limits|insufficient (balance|credits|funds)/i.test(
      message,
    )
  ) {
    return status < 500 ? { kind: 'billing' } : undefined
  }
  if ([400, 413, 422].includes(status)) {
    if (CONTEXT_WORDS.some((pattern) => pattern.test(message))) return { kind: 'context_length' }
    if (/content filtering policy|content management policy/i.test(message)) {
      return { kind: 'content_filter', phase: 'input' }
    }
  }
  if (
    status === 403 &&
    /(country|region|territory|location)\b.{0,40}\bnot (supported|available|allowed)/i.test(message)
  ) {
    return { kind: 'region_blocked' }
  }
  // No wait makes room for it, and smaller requests are welcome meanwhile: what the server says of time is left out.
  if (status === 429 && exceedsLimit(message))
    return { kind: 'rate_limit', code: 'too_large', retryable: false, retryAfterMs: undefined }
  return undefined
}

/** Whether more tokens were asked for than a whole minute's limit holds. */
function exceedsLimit(message: string): boolean {
  if (!/request too large/i.test(message)) return false
  const [, limit, requested] = /\blimit:? (\d+).{1,40}requested:? (\d+)/i.exec(message) ?? []
  return limit === undefined || Number(requested) > Number(limit)
}

function byStatus(answer: ErrorAnswer, status: number): ErrorVerdict {
  if (status === 404 && (typeof answer.body !== 'object' || answer.body === null)) {
    return { kind: 'config', message: 'has nothing at this address (404, and the answer is not JSON); check baseURL' }
  }
  const kind = kinds[status]
  if (kind === 'timeout') return { kind, phase: 'server' }
  if (kind === 'config') return { kind, message: `does not accept such requests here (${status}); check baseURL` }
  if (status === 501 || status === 505) return { kind: 'server', retryable: false }
  return { kind: kind ?? (status >= 500 ? 'server' : 'bad_request') }
}

const kinds: { readonly [status: number]: LLMErrorKind } = {
  401: 'auth',
  402: 'billing',
  403: 'permission',
  404: 'model_not_found',
  405: 'config',
  408: 'timeout',
  409: 'conflict',
  413: 'request_too_large',
  415: 'config',
  429: 'rate_limit',
  451: 'region_blocked',
  503: 'overloaded',
  529: 'overloaded',
}
