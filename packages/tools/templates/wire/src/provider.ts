import type { Provider, ProviderRequest } from '@wayfare/core'
import { BodyDecoder, checkOptions, endpoint, SSEDecoder } from '@wayfare/provider-kit'
import type { Question, VendorOptions } from '@wayfare/provider-kit'
import { readError } from './error.ts'
import { WordReader } from './events.ts'
import { readModels } from './models.ts'
import { buildRequest } from './request.ts'
import { isWhole } from './response.ts'

/**
 * Acme Vendor. The key is `apiKey`, else `ACME_VENDOR_API_KEY`. Throws `config` for a base URL, header or key that cannot be
 * used.
 */
export function acmeVendor(options: VendorOptions = {}): Provider {
  const name = options.name ?? 'acme-vendor'
  checkOptions(name, options)
  const api = endpoint({
    provider: name,
    baseURL: options.baseURL ?? 'https://api.acme-vendor.example/v1',
    apiKey: options.apiKey ?? (() => process.env['ACME_VENDOR_API_KEY'] ?? ''),
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
    chat: (request) => api.ask(() => question(name, request), request),
    models: async ({ signal } = {}) => readModels(await api.get('models', { signal }), name),
    health: async ({ signal } = {}) => {
      await api.get('models', { signal })
    },
    traits: () => ({ tools: false, input: [] }),
    close: () => api.close(),
  }
}

function question(provider: string, request: ProviderRequest): Question {
  const { body, warnings } = buildRequest(request, provider)
  const { model, clock } = request
  return {
    path: 'chat',
    body,
    decoder: (answer) => {
      const reader = new WordReader({ provider, model, clock, headers: answer.headers, warnings })
      return isWhole(answer, request) ? new BodyDecoder(reader) : new SSEDecoder(reader)
    },
  }
}
