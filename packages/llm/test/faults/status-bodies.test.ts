import type { LLMErrorKind } from '@wayfare/core'
import { expect, test } from 'vitest'
import { observe } from './kit/observe.ts'
import { repeat } from './kit/refusal.ts'
import { wireNamed } from './kit/wires.ts'

/** What vendors really write, word by word where the word decides: the code counts first, then the words, then the status. */
type Row = readonly [
  id: string,
  wire: string,
  what: string,
  status: number,
  body: unknown,
  kind: LLMErrorKind,
  facts?: object,
]

const anthropic = (type: string, message: string, details?: object): unknown => ({
  type: 'error',
  error: { type, message, ...(details !== undefined && { details }) },
  request_id: 'req_011',
})
const openai = (message: string, type: string | null, code: string | null): unknown => ({
  error: { message, type, param: null, code },
})
const google = (code: number, status: string, message: string, details?: readonly object[]): unknown => ({
  error: { code, message, status, ...(details !== undefined && { details }) },
})
const openrouter = (code: number | string, error_type?: string, more: object = {}): unknown => ({
  error: { code, message: 'No.', ...(error_type !== undefined && { metadata: { error_type } }), ...more },
})
const reason = (name: string): object => ({ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: name })
const input = { phase: 'input' }
const firmly = { retryable: false }

// One body, one line.
// prettier-ignore
const rows: readonly Row[] = [
  // Anthropic
  ['H01', 'anthropic', 'invalid_request_error', 400, anthropic('invalid_request_error', 'messages: empty'), 'bad_request'],
  ['H02', 'anthropic', '"prompt is too long"', 400, anthropic('invalid_request_error', 'prompt is too long: 9 tokens > 8 maximum'), 'context_length'],
  ['H02', 'anthropic', '"prompt: length"', 400, anthropic('invalid_request_error', 'prompt: length: 300000, max: 200000'), 'context_length'],
  ['H02', 'anthropic', '"exceed context limit"', 400, anthropic('invalid_request_error', 'input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000'), 'context_length'],
  ['H03', 'anthropic', '"content filtering policy"', 400, anthropic('invalid_request_error', 'Output blocked by content filtering policy'), 'content_filter', input],
  ['H04', 'anthropic', '"credit balance is too low"', 400, anthropic('invalid_request_error', 'Your credit balance is too low to access the Anthropic API.'), 'billing'],
  ['H05', 'anthropic', 'authentication_error', 401, anthropic('authentication_error', 'invalid x-api-key'), 'auth', { code: 'authentication_error', requestId: 'req_011' }],
  ['H06', 'anthropic', 'billing_error', 402, anthropic('billing_error', 'Payment required'), 'billing', { code: 'billing_error' }],
  ['H09', 'anthropic', 'permission_error', 403, anthropic('permission_error', 'No permission for the model'), 'permission'],
  ['H11', 'anthropic', 'not_found_error', 404, anthropic('not_found_error', 'model: claude-9'), 'model_not_found'],
  ['H13', 'anthropic', 'invalid_request_error with 405', 405, anthropic('invalid_request_error', 'Method Not Allowed'), 'config'],
  ['H15', 'anthropic', 'conflict_error', 409, anthropic('conflict_error', 'Conflict'), 'conflict'],
  ['H16', 'anthropic', 'request_too_large', 413, anthropic('request_too_large', 'Request exceeds the maximum size'), 'request_too_large'],
  ['H17', 'anthropic', 'invalid_request_error with 422', 422, anthropic('invalid_request_error', 'Unprocessable'), 'bad_request'],
  ['H18', 'anthropic', 'rate_limit_error', 429, anthropic('rate_limit_error', 'Number of request tokens has exceeded your per-minute rate limit'), 'rate_limit'],
  ['H01', 'anthropic', 'a thinking signature that a gateway refuses with 429', 429, anthropic('rate_limit_error', 'Invalid signature in thinking block'), 'bad_request', firmly],
  ['H14', 'anthropic', 'timeout_error', 504, anthropic('timeout_error', 'Request timed out'), 'timeout', { phase: 'server' }],
  ['H30', 'anthropic', 'api_error', 500, anthropic('api_error', 'Internal server error'), 'server'],
  ['H32', 'anthropic', 'overloaded_error', 529, anthropic('overloaded_error', 'Overloaded'), 'overloaded'],
  ['H32', 'anthropic', 'overloaded_error with 500', 500, anthropic('overloaded_error', 'Overloaded'), 'overloaded'],

  // OpenAI
  ['H01', 'openai', 'string_above_max_length, which is no context', 400, openai("Invalid 'messages[0].content': string too long. Maximum length is 10.", 'invalid_request_error', 'string_above_max_length'), 'bad_request'],
  ['H02', 'openai', 'context_length_exceeded', 400, openai('Too long.', 'invalid_request_error', 'context_length_exceeded'), 'context_length', { code: 'context_length_exceeded' }],
  ['H02', 'openai', '"Input tokens exceed the configured limit"', 400, openai('Input tokens exceed the configured limit of 272000 tokens.', 'invalid_request_error', null), 'context_length'],
  ['H03', 'openai', 'content_policy_violation', 400, openai('Refused.', 'invalid_request_error', 'content_policy_violation'), 'content_filter', input],
  ['H03', 'openai-compatible', 'content_filter with an innererror (Azure)', 400, { error: { message: 'The response was filtered', code: 'content_filter', innererror: { code: 'ResponsibleAIPolicyViolation' } } }, 'content_filter', input],
  ['H03', 'openai-compatible', 'an innererror alone (Azure)', 400, { error: { message: 'Refused', code: null, innererror: { code: 'ResponsibleAIPolicyViolation' } } }, 'content_filter', input],
  ['H05', 'openai', 'invalid_api_key', 401, openai('Incorrect API key provided.', 'invalid_request_error', 'invalid_api_key'), 'auth'],
  ['H05', 'openai', 'an address that is not authorised', 401, openai('Your IP is not authorized.', 'invalid_request_error', null), 'auth'],
  ['H10', 'openai', 'unsupported_country_region_territory', 403, openai('Not supported.', 'request_forbidden', 'unsupported_country_region_territory'), 'region_blocked'],
  ['H11', 'openai', 'model_not_found', 404, openai('The model `x` does not exist', 'invalid_request_error', 'model_not_found'), 'model_not_found'],
  ['H11', 'openai', 'model_not_found with 403', 403, openai('Project has no access to model', 'invalid_request_error', 'model_not_found'), 'model_not_found'],
  ['H18', 'openai', 'rate_limit_exceeded', 429, openai('Rate limit reached', 'requests', 'rate_limit_exceeded'), 'rate_limit'],
  ['H18', 'openai', 'slow_down with 429', 429, openai('Slow down', 'requests', 'slow_down'), 'rate_limit'],
  ['H30', 'openai', 'server_error', 500, openai('The server had an error', 'server_error', null), 'server'],
  ['H32', 'openai', 'slow_down with 503', 503, openai('Slow Down', 'server_error', 'slow_down'), 'overloaded'],

  // Gemini
  ['H01', 'google', 'INVALID_ARGUMENT', 400, google(400, 'INVALID_ARGUMENT', 'Invalid JSON payload received.'), 'bad_request'],
  ['H02', 'google', '"exceeds the maximum number of tokens allowed"', 400, google(400, 'INVALID_ARGUMENT', 'The input token count (9) exceeds the maximum number of tokens allowed (8).'), 'context_length'],
  ['H02', 'google', 'too long a context that shows as 500', 500, google(500, 'INTERNAL', 'The input token count exceeds the maximum number of tokens allowed.'), 'context_length', firmly],
  ['H02', 'google', 'an error in an array, as its streams send it', 400, [google(400, 'INVALID_ARGUMENT', 'It exceeds the maximum number of tokens allowed.')], 'context_length'],
  ['H05', 'google', '"API key not valid" with 400', 400, google(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.'), 'auth'],
  ['H05', 'google', 'API_KEY_INVALID as a reason', 400, google(400, 'INVALID_ARGUMENT', 'No.', [reason('API_KEY_INVALID')]), 'auth'],
  ['H05', 'google', 'UNAUTHENTICATED', 401, google(401, 'UNAUTHENTICATED', 'Request had invalid credentials.'), 'auth'],
  ['H06', 'google', 'RESOURCE_EXHAUSTED with 402', 402, google(402, 'RESOURCE_EXHAUSTED', 'Your prepayment credits are depleted.'), 'billing'],
  ['H06', 'google', 'a failed precondition for want of billing', 400, google(400, 'FAILED_PRECONDITION', 'Billing is not enabled for this project.'), 'billing'],
  ['H09', 'google', 'PERMISSION_DENIED', 403, google(403, 'PERMISSION_DENIED', 'The caller does not have permission'), 'permission'],
  ['H11', 'google', 'NOT_FOUND', 404, google(404, 'NOT_FOUND', 'models/x is not found'), 'model_not_found'],
  ['H18', 'google', 'RESOURCE_EXHAUSTED', 429, google(429, 'RESOURCE_EXHAUSTED', 'Resource has been exhausted.'), 'rate_limit'],
  ['H22', 'google', '"limit: 0"', 429, google(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded, limit: 0'), 'permission'],
  ['H18', 'google', '"limit: 50", which is no limit of zero', 429, google(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded, limit: 50'), 'rate_limit'],
  ['H30', 'google', 'INTERNAL', 500, google(500, 'INTERNAL', 'An internal error has occurred.'), 'server'],
  ['H32', 'google', 'UNAVAILABLE', 503, google(503, 'UNAVAILABLE', 'The model is overloaded.'), 'overloaded'],
  ['H44', 'google', '499 CANCELLED', 499, google(499, 'CANCELLED', 'The operation was cancelled.'), 'bad_request', firmly],

  // OpenRouter
  ['H02', 'openrouter', 'context_length_exceeded', 400, openrouter(400, 'context_length_exceeded'), 'context_length'],
  ['H02', 'openrouter', 'token_limit_exceeded', 400, openrouter(400, 'token_limit_exceeded'), 'context_length'],
  ['H01', 'openrouter', 'max_tokens_exceeded', 400, openrouter(400, 'max_tokens_exceeded'), 'bad_request'],
  ['H01', 'openrouter', 'string_too_long', 400, openrouter(400, 'string_too_long'), 'bad_request'],
  ['H01', 'openrouter', 'invalid_request', 400, openrouter(400, 'invalid_request'), 'bad_request'],
  ['H01', 'openrouter', 'invalid_prompt', 400, openrouter(400, 'invalid_prompt'), 'bad_request'],
  ['H03', 'openrouter', 'content_policy_violation', 400, openrouter(400, 'content_policy_violation'), 'content_filter', input],
  ['H03', 'openrouter', 'refusal', 400, openrouter(400, 'refusal'), 'content_filter', input],
  ['H05', 'openrouter', 'authentication', 401, openrouter(401, 'authentication'), 'auth'],
  ['H06', 'openrouter', 'payment_required', 402, openrouter(402, 'payment_required'), 'billing'],
  ['H09', 'openrouter', 'permission_denied', 403, openrouter(403, 'permission_denied'), 'permission'],
  ['H11', 'openrouter', 'not_found', 404, openrouter(404, 'not_found'), 'model_not_found'],
  ['H16', 'openrouter', 'payload_too_large', 413, openrouter(413, 'payload_too_large'), 'request_too_large'],
  ['H17', 'openrouter', 'unprocessable', 422, openrouter(422, 'unprocessable'), 'bad_request'],
  ['H18', 'openrouter', 'rate_limit_exceeded', 429, openrouter(429, 'rate_limit_exceeded'), 'rate_limit'],
  ['H30', 'openrouter', 'server', 500, openrouter(500, 'server'), 'server'],
  ['H30', 'openrouter', 'unmapped', 500, openrouter(500, 'unmapped'), 'server'],
  ['H31', 'openrouter', 'provider_unavailable', 502, openrouter(502, 'provider_unavailable'), 'server'],
  ['H32', 'openrouter', 'provider_overloaded', 503, openrouter(503, 'provider_overloaded'), 'overloaded'],
  ['H14', 'openrouter', 'timeout', 504, openrouter(504, 'timeout'), 'timeout', { phase: 'server' }],
  ['H11', 'openrouter', 'a model without endpoints, which is final', 404, openrouter(404, undefined, { availability: { code: 'no_endpoints', retryable: false } }), 'model_not_found', firmly],
  ['H44', 'openrouter', 'precondition_failed', 412, openrouter(412, 'precondition_failed'), 'bad_request', firmly],

  // Ollama: one sentence is all there is
  ['H01', 'ollama', 'a sentence', 400, { error: 'invalid options: temperature' }, 'bad_request'],
  ['H02', 'ollama', '"exceeds the available context size"', 400, { error: 'the request (9 tokens) exceeds the available context size (8 tokens)' }, 'context_length'],
  ['H05', 'ollama', 'unauthorized with a place to sign in', 401, { error: 'unauthorized', signin_url: 'https://ollama.com/connect' }, 'auth'],
  ['H06', 'ollama', '402 of its cloud', 402, { error: 'this model requires a subscription' }, 'billing'],
  ['H11', 'ollama', 'a model that is not there', 404, { error: "model 'qwen9' not found" }, 'model_not_found', { message: expect.stringContaining('ollama pull qwen9') }],
  ['H11', 'ollama', 'a model that is not there, in plain text', 404, "model 'qwen9' not found", 'model_not_found'],
  ['H16', 'ollama', '413', 413, { error: 'request body too large' }, 'request_too_large'],
  ['H18', 'ollama', '429', 429, { error: 'too many requests' }, 'rate_limit'],
  ['H30', 'ollama', 'too little memory', 500, { error: 'model requires more system memory (9 GiB) than is available' }, 'server', firmly],
  ['H31', 'ollama', '502 of its cloud', 502, { error: 'upstream error' }, 'server'],
  ['H32', 'ollama', 'a full queue', 503, { error: 'server busy, please try again. maximum pending requests exceeded' }, 'overloaded'],
  ['H01', 'ollama', 'a model that cannot do this', 400, { error: '"qwen3" does not support tools' }, 'unsupported', firmly],

  // Servers that speak OpenAI's dialect
  ['H01', 'openai-compatible', 'vLLM', 400, { object: 'error', message: 'Extra inputs', type: 'BadRequestError', code: 400 }, 'bad_request'],
  ['H02', 'openai-compatible', 'vLLM', 400, { object: 'error', message: "This model's maximum context length is 8 tokens.", type: 'BadRequestError', code: 400 }, 'context_length'],
  ['H02', 'openai-compatible', 'llama.cpp by its type', 400, { error: { code: 400, message: 'No.', type: 'exceed_context_size_error' } }, 'context_length'],
  ['H02', 'openai-compatible', 'llama.cpp by its words', 400, { error: { code: 400, message: 'the request exceeds the available context size, try increasing it' } }, 'context_length'],
  ['H02', 'openai-compatible', 'TGI', 422, { error: 'Input validation error: `inputs` tokens + `max_new_tokens` must be <= 8192', error_type: 'validation' }, 'context_length'],
  ['H02', 'openai-compatible', 'Cerebras', 400, { message: 'Please reduce the length. Current length is 9000 while limit is 8192', type: 'invalid_request_error' }, 'context_length'],
  ['H02', 'openai-compatible', '"model\'s maximum context limit"', 400, openai("It is beyond the model's maximum context limit.", null, null), 'context_length'],
  ['H02', 'openai-compatible', '"is longer than the model\'s context length"', 400, openai("The prompt is longer than the model's context length.", null, null), 'context_length'],
  ['H02', 'openai-compatible', '"maximum input length is"', 400, openai('The maximum input length is 8192 tokens.', null, null), 'context_length'],
  ['H06', 'openai-compatible', 'DeepSeek', 402, openai('Insufficient Balance', 'unknown_error', 'invalid_request_error'), 'billing'],
  ['H17', 'openai-compatible', 'FastAPI', 422, { detail: [{ loc: ['body', 'messages'], msg: 'field required', type: 'value_error.missing' }] }, 'bad_request', { details: { providerMessage: 'field required' } }],
  ['H18', 'openai-compatible', 'Mistral', 429, { object: 'error', message: 'Service tier capacity exceeded for this model.', type: 'service_tier_capacity_exceeded' }, 'rate_limit'],
  ['H19', 'openai-compatible', 'a gateway with its own budget', 400, openai('Budget has been exceeded', 'budget_exceeded', '400'), 'billing'],
  ['H31', 'openai-compatible', 'a proxy in plain text', 502, 'upstream connect error', 'server', { details: { providerMessage: 'upstream connect error' } }],

  // Words alone do not decide: bodies may echo the prompt.
  ['H01', 'openai-compatible', 'a prompt that speaks of 429 and quotas', 400, openai('Invalid role in "429 insufficient_quota rate_limit_exceeded"', 'invalid_request_error', null), 'bad_request'],
  ['H30', 'openai-compatible', 'a failure that speaks of a prompt that is too long', 500, openai('prompt is too long', 'server_error', null), 'server'],
  ['H18', 'openai', 'a limit that speaks of the context length', 429, openai('The maximum context length is not the problem.', 'requests', 'rate_limit_exceeded'), 'rate_limit'],
]

for (const [id, wire, what, status, body, kind, facts] of rows) {
  test(`${id} ${wire}: ${what} means ${kind}`, async () => {
    const reply = { status, error: { body } }
    const seen = await observe('complete', { wire: wireNamed(wire), replies: repeat(reply, 6) })
    expect(seen.error).toMatchObject({ kind, status, billed: 'no', ...facts })
    expect(seen.requests).toHaveLength(seen.error?.retryable === true ? 3 : 1)
    expect(seen.bookedUsd).toBe(0)
  })
}
