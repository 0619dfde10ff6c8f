import type { LLMErrorKind } from '@wayfare/core'
import { isRecord, type ErrorReader, type ErrorVerdict } from '@wayfare/provider-kit'

/** `metadata.error_type` is the stable word; `availability` says whether waiting helps; hosts' own words are in `metadata.raw`. */
export const readError: ErrorReader = ({ status, body, headers }) => {
  const error = isRecord(body) && isRecord(body['error']) ? body['error'] : undefined
  if (error === undefined) return undefined
  const metadata = isRecord(error['metadata']) ? error['metadata'] : {}
  const availability = isRecord(error['availability']) ? error['availability'] : {}
  const code = status >= 400 ? status : Number(error['code'])
  return {
    ...verdict(code, metadata, headers),
    ...patience(availability),
    ...words(metadata, error['message']),
  }
}

function verdict(
  status: number,
  metadata: Readonly<Record<string, unknown>>,
  headers: ReadonlyMap<string, string>,
): Partial<ErrorVerdict> {
  const source = typeof metadata['limit_source'] === 'string' ? metadata['limit_source'] : ''
  // Money that is set aside for calls under way comes back: that is a limit of rate.
  if (status === 402 && source === 'openrouter_in_flight_budget' && headers.has('retry-after')) {
    return { kind: 'rate_limit', retryable: true }
  }
  if (status === 402) return { kind: 'billing' }
  if (status === 403 && /^openrouter_(guardrail|workspace)_budget$|^key_limit/.test(source)) return { kind: 'billing' }
  if (status === 403 && (Array.isArray(metadata['reasons']) || metadata['flagged_input'] !== undefined)) {
    return { kind: 'content_filter', phase: 'input' }
  }
  const type = metadata['error_type']
  if (typeof type !== 'string') return {}
  const kind = kinds[type]
  return {
    code: type,
    ...(kind !== undefined && { kind }),
    ...(kind === 'timeout' && { phase: 'server' as const }),
    ...(kind === 'content_filter' && { phase: 'input' as const }),
  }
}

function patience(availability: Readonly<Record<string, unknown>>): Partial<ErrorVerdict> {
  const { code, retryable, retry_after: after } = availability
  return {
    ...(code === 'region_restricted' && { kind: 'region_blocked' as const }),
    ...(typeof retryable === 'boolean' && { retryable }),
    ...(typeof after === 'number' && after >= 0 && { retryAfterMs: after * 1000 }),
  }
}

/** What was flagged is a piece of the prompt: it may stand in the details, and nowhere else. */
function words(metadata: Readonly<Record<string, unknown>>, message: unknown): Partial<ErrorVerdict> {
  const { raw, flagged_input: flagged } = metadata
  if (typeof flagged === 'string') return { providerMessage: `${String(message)}: ${flagged}` }
  if (raw === undefined || raw === null) return {}
  return { providerMessage: typeof raw === 'string' ? raw : JSON.stringify(raw) }
}

const kinds: { readonly [type: string]: LLMErrorKind } = {
  context_length_exceeded: 'context_length',
  token_limit_exceeded: 'context_length',
  max_tokens_exceeded: 'bad_request',
  string_too_long: 'bad_request',
  authentication: 'auth',
  permission_denied: 'permission',
  payment_required: 'billing',
  rate_limit_exceeded: 'rate_limit',
  provider_overloaded: 'overloaded',
  provider_unavailable: 'server',
  invalid_prompt: 'bad_request',
  not_found: 'model_not_found',
  precondition_failed: 'bad_request',
  payload_too_large: 'request_too_large',
  content_policy_violation: 'content_filter',
  refusal: 'content_filter',
  server: 'server',
  timeout: 'timeout',
}
