import type { Provider, ProviderEvent, ProviderRequest } from '@wayfare/core'
import { endpoint, type Endpoint, type VendorOptions } from '@wayfare/provider-kit'
import { readError } from '../error.ts'
import { listModels } from '../models.ts'
import { events, type Answering } from './events.ts'
import { buildRequest } from './request.ts'
import { isWhole, readResponse } from './response.ts'

/** OpenAI over its Responses API. */
export function responsesProvider(options: VendorOptions): Provider {
  const name = options.name ?? 'openai'
  const api = endpoint({
    provider: name,
    baseURL: options.baseURL ?? 'https://api.openai.com/v1',
    apiKey: options.apiKey ?? (() => globalThis.process?.env['OPENAI_API_KEY'] ?? ''),
    missingKey: 'set OPENAI_API_KEY or pass apiKey',
    headers: options.headers,
    readError,
    allowInsecure: options.allowInsecure,
    proxy: options.proxy,
    fetch: options.fetch,
  })
  return {
    name,
    vendor: 'openai',
    ...(options.defaultModel !== undefined && { defaultModel: options.defaultModel }),
    chat: (request) => chat(api, name, request),
    models: async (call) => listModels(await api.get('models', call), name),
    health: async (call) => {
      await api.get('models', call)
    },
    traits: () => ({ stopsOnAbort: true, tools: true, input: ['image', 'pdf', 'url'] }),
    close: () => api.close(),
  }
}

async function* chat(
  api: Endpoint,
  provider: string,
  request: ProviderRequest,
): AsyncGenerator<readonly ProviderEvent[]> {
  const { body, warnings } = buildRequest(request, provider)
  const response = await api.post('responses', body, request)
  const { model, clock, attemptId: seed } = request
  const answering: Answering = { provider, model, clock, headers: response.headers, warnings, seed }
  if (!isWhole(response, request)) return yield* events(response, answering)
  const out: ProviderEvent[] = []
  try {
    readResponse(await response.json(), answering, out)
  } catch (error) {
    // A response that failed still says what it cost.
    if (out.length > 0) yield out
    throw error
  }
  yield out
}
