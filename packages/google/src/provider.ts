import type { Provider, ProviderEvent, ProviderRequest } from '@wayfare/core'
import { endpoint } from '@wayfare/provider-kit'
import type { Endpoint, VendorOptions } from '@wayfare/provider-kit'
import { readError } from './error.ts'
import { events } from './events.ts'
import type { Answering } from './events.ts'
import { listModels } from './models.ts'
import { buildRequest } from './request.ts'
import { readAnswer } from './response.ts'

/**
 * Gemini, by the Developer API. The key is `apiKey`, else `GEMINI_API_KEY`; it travels in a header, never in a URL. Throws
 * `config` for a base URL, header or key that cannot be used.
 */
export function google(options: VendorOptions = {}): Provider {
  const name = options.name ?? 'google'
  const api = endpoint({
    provider: name,
    baseURL: options.baseURL ?? 'https://generativelanguage.googleapis.com/v1beta',
    apiKey: options.apiKey ?? process.env['GEMINI_API_KEY'],
    missingKey: 'set GEMINI_API_KEY or pass apiKey',
    authorize: (key) => ({ 'x-goog-api-key': key }),
    headers: options.headers,
    readError,
    allowInsecure: options.allowInsecure,
    proxy: options.proxy,
    fetch: options.fetch,
  })
  return {
    name,
    vendor: 'google',
    ...(options.defaultModel !== undefined && { defaultModel: options.defaultModel }),
    chat: (request) => chat(api, name, request),
    models: ({ signal } = {}) => listModels(name, (path) => api.get(path, { signal })),
    health: async ({ signal } = {}) => {
      await api.get('models?pageSize=1', { signal })
    },
    // The vendor goes on generating, and billing, when the connection closes.
    traits: () => ({
      stopsOnAbort: false,
      prefill: false,
      tools: true,
      input: ['image', 'pdf', 'audio', 'video', 'url'],
    }),
    close: () => api.close(),
  }
}

async function* chat(
  api: Endpoint,
  provider: string,
  request: ProviderRequest,
): AsyncGenerator<readonly ProviderEvent[]> {
  const { path, body, warnings } = buildRequest(request)
  const response = await api.post(path, body, request)
  const answering: Answering = {
    provider,
    model: request.model,
    attemptId: request.attemptId,
    clock: request.clock,
    headers: response.headers,
    warnings,
  }
  // Some servers answer a request for a stream with one JSON body.
  const streamed =
    response.contentType === 'text/event-stream' || (request.stream && response.contentType !== 'application/json')
  if (streamed) yield* events(response, answering)
  else yield* readAnswer(await response.json(), answering)
}
