import type { Provider, ProviderEvent, ProviderRequest } from '@wayfare/core'
import { endpoint } from '@wayfare/provider-kit'
import type { Endpoint, VendorOptions } from '@wayfare/provider-kit'
import { readError } from './error.ts'
import { events } from './events.ts'
import type { Answering } from './events.ts'
import { hostURL } from './host.ts'
import { isCloudModel, modelList } from './models.ts'
import { buildRequest } from './request.ts'
import { readAnswer } from './response.ts'

/**
 * An Ollama server, over its native API. The server is `baseURL`, else what `OLLAMA_HOST` means, else the usual port of this
 * machine; a key is needed for Ollama's cloud only. Throws `config` for a base URL, header or key that cannot be used.
 */
export function ollama(options: VendorOptions = {}): Provider {
  const name = options.name ?? 'ollama'
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
    chat: (request) => chat(api, name, request),
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

async function* chat(
  api: Endpoint,
  provider: string,
  request: ProviderRequest,
): AsyncGenerator<readonly ProviderEvent[]> {
  const { body, warnings, contextTokens } = buildRequest(request, provider)
  const response = await api.post('api/chat', body, request)
  const answering: Answering = {
    provider,
    model: request.model,
    attemptId: request.attemptId,
    clock: request.clock,
    headers: response.headers,
    warnings,
    ...(contextTokens !== undefined && { contextTokens }),
  }
  // One JSON body is one line as well, but a proxy may have laid it out over several.
  if (!request.stream || response.contentType === 'application/json') yield readAnswer(await response.json(), answering)
  else yield* events(response, answering)
}
