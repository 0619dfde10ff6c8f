import { LLMError, type Provider, type ProviderRequest } from '@wayfare/core'
import {
  BodyDecoder,
  checkOptions,
  endpoint,
  SSEDecoder,
  type Question,
  type VendorOptions,
} from '@wayfare/provider-kit'
import type { Dialect } from './dialect.ts'
import { environmentKey } from './environment.ts'
import { errorReader } from './error.ts'
import { ChatReader } from './events.ts'
import { readModels } from './models.ts'
import { chatBody } from './request.ts'
import { isWhole } from './response.ts'

export interface OpenAICompatibleOptions extends VendorOptions {
  readonly name: string
  readonly baseURL: string
  /** Whose prices, metadata and options apply; default: the name. */
  readonly vendor?: string | undefined
  /** What this server does differently. */
  readonly dialect?: Partial<Omit<Dialect, 'vendor' | 'baseURL'>> | undefined
}

/**
 * A provider for any server that speaks chat completions.
 *
 * @example
 * ```ts
 * import { openaiCompatible } from '@wayfare/openai-compatible'
 * const local = openaiCompatible({ name: 'local', baseURL: 'http://localhost:8000/v1' })
 * ```
 */
export function openaiCompatible({ vendor, dialect, ...options }: OpenAICompatibleOptions): Provider {
  const { name, baseURL } = options
  if (typeof name !== 'string' || name === '')
    throw new LLMError('config', 'openaiCompatible needs a name: references to its models begin with it')
  return dialectProvider({ ...dialect, vendor: vendor ?? name, baseURL }, options)
}

/** A provider for a vendor whose dialect is known. */
export function dialectProvider(dialect: Dialect, options: VendorOptions = {}): Provider {
  const name = options.name ?? dialect.vendor
  checkOptions(name, options)
  const { keyVariable, balance, traits, modelsPath = 'models' } = dialect
  const healthPath = dialect.healthPath ?? modelsPath
  const api = endpoint({
    provider: name,
    baseURL: options.baseURL ?? dialect.baseURL,
    apiKey: options.apiKey ?? (keyVariable === undefined ? undefined : environmentKey(keyVariable)),
    missingKey: keyVariable === undefined ? undefined : `set ${keyVariable} or pass apiKey`,
    authorize: dialect.authorize,
    headers: { ...dialect.headers, ...options.headers },
    readError: errorReader(dialect),
    allowInsecure: options.allowInsecure,
    proxy: options.proxy,
    fetch: options.fetch,
  })

  return {
    name,
    vendor: dialect.vendor,
    ...(options.defaultModel !== undefined && { defaultModel: options.defaultModel }),
    chat: (request) => api.ask(() => question(request), request),
    close: () => api.close(),
    ...(modelsPath !== null && { models: async (call) => readModels(await api.get(modelsPath, call), name, dialect) }),
    ...(healthPath !== null && {
      health: async (call) => {
        await api.get(healthPath, call)
      },
    }),
    ...(balance !== undefined && { balance: (call) => balance(api, call) }),
    ...(traits !== undefined && { traits }),
  }

  function question(request: ProviderRequest): Question {
    const { body, warnings } = chatBody(request, dialect)
    const { model, clock, attemptId } = request
    return {
      path: dialect.chatPath?.(model) ?? 'chat/completions',
      body,
      decoder: (response) => {
        const reader = new ChatReader({ provider: name, model, dialect, response, clock, seed: attemptId, warnings })
        return isWhole(response, request) ? new BodyDecoder(reader) : new SSEDecoder(reader)
      },
    }
  }
}
