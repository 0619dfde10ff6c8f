import type { Provider, ProviderEvent, ProviderRequest } from '@wayfare/core'
import { endpoint } from '@wayfare/provider-kit'
import type { Endpoint, VendorOptions, WireResponse } from '@wayfare/provider-kit'
import { readError } from './error.ts'
import { events } from './events.ts'
import type { Answering } from './events.ts'
import { familyOf } from './families.ts'
import { listModels } from './models.ts'
import { buildRequest } from './request.ts'
import type { BuiltRequest } from './request.ts'
import { readMessage } from './response.ts'
import { refusesThinking, thinkingDropped, withoutThinking } from './thinking-refused.ts'

/**
 * Anthropic's Messages API. The key is `apiKey`, else `ANTHROPIC_API_KEY`. Throws `config` for a base URL, header or key
 * that cannot be used.
 */
export function anthropic(options: VendorOptions = {}): Provider {
  const name = options.name ?? 'anthropic'
  const api = endpoint({
    provider: name,
    baseURL: options.baseURL ?? 'https://api.anthropic.com/v1',
    apiKey: options.apiKey ?? process.env['ANTHROPIC_API_KEY'],
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
    chat: (request) => chat(api, name, request),
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

async function* chat(
  api: Endpoint,
  provider: string,
  request: ProviderRequest,
): AsyncGenerator<readonly ProviderEvent[]> {
  const { response, built } = await send(api, provider, request)
  const { warnings, outputTool } = built
  const answering: Answering = {
    provider,
    model: request.model,
    clock: request.clock,
    headers: response.headers,
    warnings,
    ...(outputTool !== undefined && { outputTool }),
  }
  // Some servers answer a request for a stream with one JSON body.
  const streamed =
    response.contentType === 'text/event-stream' || (request.stream && response.contentType !== 'application/json')
  if (streamed) yield* events(response, answering)
  else yield readMessage(await response.json(), answering)
}

interface Sent {
  readonly response: WireResponse
  readonly built: BuiltRequest
}

/** A request that is refused for its history's thoughts costs nothing, and is sent once more without them. */
async function send(api: Endpoint, provider: string, request: ProviderRequest): Promise<Sent> {
  const post = async (built: BuiltRequest): Promise<Sent> => {
    const response = await api.post('messages', built.body, { ...request, headers: built.headers })
    return { response, built }
  }
  try {
    return await post(buildRequest(request, provider))
  } catch (error) {
    if (!refusesThinking(error, request)) throw error
    const built = buildRequest(withoutThinking(request), provider)
    return post({ ...built, warnings: [...built.warnings, thinkingDropped] })
  }
}
