import type { Provider, ProviderRequest } from '@wayfare/core'
import {
  BodyDecoder,
  checkOptions,
  endpoint,
  SSEDecoder,
  type Question,
  type VendorOptions,
} from '@wayfare/provider-kit'
import { readError } from '../error.ts'
import { listModels } from '../models.ts'
import { ResponseReader } from './events.ts'
import { buildRequest } from './request.ts'
import { isWhole } from './response.ts'

/** OpenAI over its Responses API. */
export function responsesProvider(options: VendorOptions): Provider {
  const name = options.name ?? 'openai'
  checkOptions(name, options)
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
    chat: (request) => api.ask(() => question(name, request), request),
    models: async (call) => listModels(await api.get('models', call), name),
    health: async (call) => {
      await api.get('models', call)
    },
    traits: () => ({ stopsOnAbort: true, tools: true, input: ['image', 'pdf', 'url'] }),
    close: () => api.close(),
  }
}

function question(provider: string, request: ProviderRequest): Question {
  const { body, warnings } = buildRequest(request, provider)
  const { model, clock, attemptId: seed } = request
  return {
    path: 'responses',
    body,
    decoder: (answer) => {
      const reader = new ResponseReader({ provider, model, clock, headers: answer.headers, warnings, seed })
      return isWhole(answer, request) ? new BodyDecoder(reader) : new SSEDecoder(reader)
    },
  }
}
