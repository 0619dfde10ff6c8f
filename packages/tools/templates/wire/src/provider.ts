import type { Provider, ProviderEvent, ProviderRequest } from '@wayfare/core'
import { endpoint } from '@wayfare/provider-kit'
import type { Endpoint, VendorOptions } from '@wayfare/provider-kit'
import { readError } from './error.ts'
import { events } from './events.ts'
import type { Answering } from './events.ts'
import { readModels } from './models.ts'
import { buildRequest } from './request.ts'
import { readAnswer } from './response.ts'

/**
 * Acme Vendor. The key is `apiKey`, else `ACME_VENDOR_API_KEY`. Throws `config` for a base URL, header or key that cannot be
 * used.
 */
export function acmeVendor(options: VendorOptions = {}): Provider {
  const name = options.name ?? 'acme-vendor'
  const api = endpoint({
    provider: name,
    baseURL: options.baseURL ?? 'https://api.acme-vendor.example/v1',
    apiKey: options.apiKey ?? process.env['ACME_VENDOR_API_KEY'],
    missingKey: 'set ACME_VENDOR_API_KEY or pass apiKey',
    headers: options.headers,
    readError,
    proxy: options.proxy,
    fetch: options.fetch,
  })
  return {
    name,
    vendor: 'acme-vendor',
    ...(options.defaultModel !== undefined && { defaultModel: options.defaultModel }),
    chat: (request) => chat(api, name, request),
    models: async ({ signal } = {}) => readModels(await api.get('models', { signal }), name),
    health: async ({ signal } = {}) => {
      await api.get('models', { signal })
    },
    traits: () => ({ tools: false, input: [] }),
    close: () => api.close(),
  }
}

async function* chat(
  api: Endpoint,
  provider: string,
  request: ProviderRequest,
): AsyncGenerator<readonly ProviderEvent[]> {
  const { body, warnings } = buildRequest(request, provider)
  const response = await api.post('chat', body, request)
  const { headers, contentType } = response
  const answering: Answering = { provider, model: request.model, clock: request.clock, headers, warnings }
  // Some servers answer a request for a stream with one JSON body.
  if (request.stream && contentType !== 'application/json') yield* events(response, answering)
  else yield readAnswer(await response.json(), answering)
}
