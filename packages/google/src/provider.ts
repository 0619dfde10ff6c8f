import type { Provider, ProviderRequest } from '@wayfare/core'
import { BodyDecoder, checkOptions, endpoint, SSEDecoder } from '@wayfare/provider-kit'
import type { Question, VendorOptions } from '@wayfare/provider-kit'
import { readError } from './error.ts'
import { ChunkReader } from './events.ts'
import { listModels } from './models.ts'
import { buildRequest } from './request.ts'
import { isWhole } from './response.ts'

/**
 * Gemini, by the Developer API. The key is `apiKey`, else `GEMINI_API_KEY`; it travels in a header, never in a URL. Throws
 * `config` for a base URL, header or key that cannot be used.
 */
export function google(options: VendorOptions = {}): Provider {
  const name = options.name ?? 'google'
  checkOptions(name, options)
  const api = endpoint({
    provider: name,
    baseURL: options.baseURL ?? 'https://generativelanguage.googleapis.com/v1beta',
    apiKey: options.apiKey ?? (() => process.env['GEMINI_API_KEY'] ?? ''),
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
    chat: (request) => api.ask(() => question(name, request), request),
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

function question(provider: string, request: ProviderRequest): Question {
  const { path, body, warnings } = buildRequest(request)
  const { model, attemptId, clock } = request
  return {
    path,
    body,
    decoder: (answer) => {
      const reader = new ChunkReader({ provider, model, attemptId, clock, headers: answer.headers, warnings })
      return isWhole(answer, request) ? new BodyDecoder(reader) : new SSEDecoder(reader)
    },
  }
}
