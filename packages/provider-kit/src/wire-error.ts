import { LLMError, type LLMErrorKind } from '@wayfare/core'
import { errorMessage } from './error-message.ts'
import { AnswerHeaders } from './answer-headers.ts'
import { redact } from './redact.ts'
import { retryAfter } from './retry-after.ts'
import { statusVerdict, type ErrorAnswer, type ErrorVerdict } from './verdict.ts'

/** What a wire knows better than the status; merged over `statusVerdict`. */
export type ErrorReader = (answer: ErrorAnswer) => Partial<ErrorVerdict> | undefined

/** The error that an answer means, also one inside a successful answer. The server's words are kept apart and redacted. */
export function wireError(
  provider: string,
  model: string | undefined,
  answer: ErrorAnswer,
  reader?: ErrorReader,
): LLMError {
  const { kind, message, ...facts } = merged(statusVerdict(answer), reader?.(answer))
  const { headers, status } = answer
  const secrets = AnswerHeaders.secretsOf(headers)
  const { body } = answer
  const words = facts.providerMessage ?? errorMessage(body) ?? (typeof body === 'string' ? body : undefined)
  // Whoever does not answer in JSON is not the vendor: a glance at it is enough to tell.
  const limit = typeof body === 'string' ? 200 : 2048
  const failed = status >= 400
  const requestId = facts.requestId ?? headers.get('x-request-id') ?? headers.get('request-id')
  return new LLMError(kind, `${provider} ${redact(message ?? sentence(kind, status), secrets)}`, {
    provider,
    model,
    // Whatever went wrong: a request that was refused is not billed.
    ...(failed && { billed: 'no' as const }),
    // Some vendors send retry-after with success, where it means nothing.
    retryAfterMs: failed ? retryAfter(headers, answer.now) : undefined,
    ...facts,
    ...(failed && { status }),
    requestId: requestId === undefined ? undefined : redact(requestId.slice(0, 200), secrets),
    code: facts.code === undefined ? undefined : redact(facts.code.slice(0, 200), secrets),
    retryable: shouldRetry(headers.get('x-should-retry')) ?? facts.retryable,
    providerMessage: words === undefined ? undefined : redact(words, secrets).slice(0, limit),
  })
}

function merged(verdict: ErrorVerdict, better: Partial<ErrorVerdict> = {}): ErrorVerdict {
  const known = Object.fromEntries(Object.entries(better).filter(([, value]) => value !== undefined))
  const all: ErrorVerdict = { ...verdict, ...known }
  // A region is a matter of permission, said more exactly.
  return verdict.kind === 'region_blocked' && all.kind === 'permission' ? { ...all, kind: verdict.kind } : all
}

function shouldRetry(header: string | undefined): boolean | undefined {
  return header === 'true' ? true : header === 'false' ? false : undefined
}

function sentence(kind: LLMErrorKind, status: number): string {
  const where = status >= 400 ? `(${status})` : '(inside a successful answer)'
  return `${sentences[kind] ?? `failed: ${kind}`} ${where}`
}

const sentences: { readonly [kind in LLMErrorKind]?: string } = {
  auth: 'refused the API key; check that it is right and active',
  permission: 'does not allow this request with this API key',
  billing: 'refused for lack of credit; add funds or raise the spend limit',
  region_blocked: 'does not serve this region',
  rate_limit: 'is limiting the rate of requests; wait, or fall back to another model',
  overloaded: 'is overloaded',
  server: 'had an internal failure',
  timeout: 'gave up waiting for itself',
  bad_request: 'refused the request as malformed; see details.providerMessage',
  request_too_large: 'refused the request as too large; send less',
  context_length: 'refused more input than the model can read; shorten the history or use a larger model',
  content_filter: 'refused the input by its content rules',
  model_not_found: 'does not know the model; see models()',
  conflict: 'reported a conflict with another request',
  protocol: 'answered in a way that cannot be read',
}
