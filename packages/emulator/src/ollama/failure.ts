import type { FailureName } from '../reply.ts'
import type { FailureFacts, StreamEvent, WireFailure } from '../wire.ts'

type Row = readonly [status: number, message: string]

const rows: Readonly<Record<FailureName, Row>> = {
  rate_limit: [429, 'too many requests, you have reached your hourly usage limit'],
  overloaded: [503, 'server busy, please try again. maximum pending requests exceeded'],
  server: [500, 'an error was encountered while running the model: unexpected EOF'],
  auth: [401, 'unauthorized'],
  billing: [402, 'this model requires a subscription, upgrade for access'],
  permission: [403, 'this model is not available to you'],
  not_found: [404, 'model not found, try pulling it first'],
  bad_request: [400, 'invalid request'],
  context_length: [400, 'the request (9000 tokens) exceeds the available context size (4096 tokens)'],
  content_filter: [400, 'the prompt was rejected by the content policy'],
  too_large: [413, 'request body too large'],
}

/** One text is all there is. */
export function failure(name: FailureName, facts: FailureFacts): WireFailure {
  const [status, message] = rows[name]
  const own = name === 'not_found' ? `model '${facts.model}' not found` : message
  return {
    status,
    body: { error: facts.message ?? own, ...(name === 'auth' ? { signin_url: 'https://ollama.com/connect' } : {}) },
    ...(facts.retryAfter === undefined ? {} : { headers: { 'retry-after': facts.retryAfter } }),
  }
}

export function streamError(refusal: WireFailure): StreamEvent {
  return { data: refusal.body }
}
