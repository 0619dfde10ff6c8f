import type { Provider, ProviderRequest } from '@wayfare/core'
import { BodyDecoder, checkOptions, endpoint, SSEDecoder } from '@wayfare/provider-kit'
import type { Question, VendorOptions } from '@wayfare/provider-kit'
import { readError } from './error.ts'
import { MessageReader } from './events.ts'
import { familyOf } from './families.ts'
import { listModels } from './models.ts'
import { buildRequest } from './request.ts'
import type { BuiltRequest } from './request.ts'
import { isWhole } from './response.ts'
import { refusesThinking, thinkingDropped, withoutThinking } from './thinking-refused.ts'

/**
 * Anthropic's Messages API. The key is `apiKey`, else `ANTHROPIC_API_KEY`. Throws `config` for a base URL, header or key
 * that cannot be used.
 */
export function anthropic(options: VendorOptions = {}): Provider {
  const name = options.name ?? 'anthropic'
  checkOptions(name, options)
  const api = endpoint({
    provider: name,
    baseURL: options.baseURL ?? 'https://api.anthropic.com/v1',
    apiKey: options.apiKey ?? (() => process.env['ANTHROPIC_API_KEY'] ?? ''),
    missingKey: 'set ANTHROPIC_API_KEY or pass apiKey',
    authorize: (key) => ({ 'x-api-key': key }),
    headers: { 'anthropic-version': '2023-06-01', ...options.headers },
    readError,
    allowInsecure: options.allowInsecure,
    proxy: options.proxy,
    fetch: options.fetch,
  })
  return {
    name,
    vendor: 'anthropic',
    ...(options.defaultModel !== undefined && { defaultModel: options.defaultModel }),
    chat: (request) => api.ask(() => question(name, request), request),
    models: ({ signal } = {}) => listModels(name, (path) => api.get(path, { signal })),
    health: async ({ signal } = {}) => {
      await api.get('models?limit=1', { signal })
    },
    traits: (model) => ({
      stopsOnAbort: true,
      prefill: familyOf(model).prefill,
      tools: true,
      input: ['image', 'pdf', 'url'],
    }),
    close: () => api.close(),
  }
}

/** A request that is refused for its history's thoughts costs nothing, and is sent once more without them. */
function question(provider: string, request: ProviderRequest): Question {
  return {
    ...posted(provider, request, buildRequest(request, provider)),
    instead: (refusal) => {
      if (!refusesThinking(refusal, request)) return undefined
      const built = buildRequest(withoutThinking(request), provider)
      return posted(provider, request, { ...built, warnings: [...built.warnings, thinkingDropped] })
    },
  }
}

function posted(provider: string, request: ProviderRequest, built: BuiltRequest): Question {
  const { model, clock } = request
  const { body, headers, warnings, outputTool } = built
  return {
    path: 'messages',
    body,
    headers,
    decoder: (answer) => {
      const facts = { provider, model, clock, headers: answer.headers, warnings }
      const reader = new MessageReader({ ...facts, ...(outputTool !== undefined && { outputTool }) })
      return isWhole(answer, request) ? new BodyDecoder(reader) : new SSEDecoder(reader)
    },
  }
}
