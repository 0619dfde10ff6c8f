import type { Provider, ProviderRequest } from '@wayfare/core'
import { BodyDecoder, checkOptions, endpoint, LineDecoder } from '@wayfare/provider-kit'
import type { Question, VendorOptions } from '@wayfare/provider-kit'
import { readError } from './error.ts'
import { LineReader } from './events.ts'
import { hostURL } from './host.ts'
import { isCloudModel, modelList } from './models.ts'
import { buildRequest } from './request.ts'
import { isWhole } from './response.ts'

/**
 * An Ollama server, over its native API. The server is `baseURL`, else what `OLLAMA_HOST` means, else the usual port of this
 * machine; a key is needed for Ollama's cloud only. Throws `config` for a base URL, header or key that cannot be used.
 */
export function ollama(options: VendorOptions = {}): Provider {
  const name = options.name ?? 'ollama'
  checkOptions(name, options)
  const baseURL = options.baseURL ?? hostURL(process.env['OLLAMA_HOST'])
  const api = endpoint({
    provider: name,
    baseURL,
    apiKey: options.apiKey,
    headers: options.headers,
    readError,
    // Without a key there is none to lose, and servers on a home network speak plain http.
    allowInsecure: options.allowInsecure ?? options.apiKey === undefined,
    proxy: options.proxy,
    fetch: options.fetch,
  })
  const paid = /^https:\/\/(?:[\w-]+\.)?ollama\.com(?:[:/]|$)/i.test(baseURL)
  return {
    name,
    vendor: 'ollama',
    ...(options.defaultModel !== undefined && { defaultModel: options.defaultModel }),
    chat: (request) => api.ask(() => question(name, request), request),
    models: async ({ signal } = {}) => modelList(await api.get('api/tags', { signal }), name),
    health: async ({ signal } = {}) => {
      await api.get('api/version', { signal })
    },
    traits: (model) => {
      const free = !paid && !isCloudModel(model)
      return { input: ['image'], ...(free && { free, stopsOnAbort: true }) }
    },
    close: () => api.close(),
  }
}

function question(provider: string, request: ProviderRequest): Question {
  const { body, warnings, contextTokens } = buildRequest(request, provider)
  const { model, attemptId, clock } = request
  return {
    path: 'api/chat',
    body,
    decoder: (answer) => {
      const facts = { provider, model, attemptId, clock, headers: answer.headers, warnings }
      const reader = new LineReader({ ...facts, ...(contextTokens !== undefined && { contextTokens }) })
      return isWhole(answer, request) ? new BodyDecoder(reader) : new LineDecoder(reader)
    },
  }
}
