import type { Absent, Sample } from '@wayfare/provider-kit/testing'

/** One text is all that the server says. */
export const refusals: { readonly [scenario: string]: Sample | Absent } = {
  bad_request: { status: 400, body: { error: 'invalid options: num_ctx' } },
  auth: { status: 401, body: { error: 'unauthorized', signin_url: 'https://ollama.com/connect' } },
  billing: { status: 402, body: { error: 'this model requires a subscription, upgrade for access' } },
  permission: { status: 403, body: { error: 'this model is not available to you' } },
  not_found: { status: 404, body: { error: "model 'small' not found" } },
  too_large: { status: 413, body: { error: 'request body too large' } },
  context_length: {
    status: 400,
    body: { error: 'the request (9000 tokens) exceeds the available context size (4096 tokens)' },
  },
  content_filter: { absent: 'nothing is filtered' },
  rate_limit: {
    status: 429,
    headers: { 'content-type': 'application/json', 'retry-after': '20' },
    body: { error: 'too many requests, you have reached your hourly usage limit' },
    expect: { retryAfterMs: 20_000 },
  },
  server_error: { status: 500, body: { error: 'llama runner process has terminated: signal: killed' } },
  overloaded: { status: 503, body: { error: 'server busy, please try again. maximum pending requests exceeded' } },
}
