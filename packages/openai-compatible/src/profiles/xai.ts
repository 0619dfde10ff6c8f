import type { ModelInfo, Provider, Sampling, Usage } from '@wayfare/core'
import { errorMessage, tokens, type ErrorReader, type VendorOptions } from '@wayfare/provider-kit'
import type { Adapted, Dialect } from '../dialect.ts'
import { effortField } from '../effort.ts'
import { inputOf } from '../modality.ts'
import { priceField } from '../price-field.ts'
import { dialectProvider } from '../provider.ts'
import type { Wire } from '../wire.ts'

/**
 * xAI. The key is `XAI_API_KEY` unless given, read at the first request.
 *
 * @example
 * ```ts
 * import { Router } from '@wayfare/core'
 * import { xai } from '@wayfare/openai-compatible/xai'
 * const router = new Router({ providers: [xai()], model: 'xai/grok-4.3' })
 * ```
 */
export function xai(options: VendorOptions = {}): Provider {
  return dialectProvider(dialect, options)
}

/** What xAI takes beyond Wayfare's own options; sent as it stands. */
export interface XAIOptions {
  readonly [key: string]: unknown
  readonly search_parameters?: { readonly [key: string]: unknown } | undefined
  readonly deferred?: boolean | undefined
}

const dialect: Dialect = {
  vendor: 'xai',
  baseURL: 'https://api.x.ai/v1',
  keyVariable: 'XAI_API_KEY',
  modelsPath: 'language-models',
  healthPath: 'models',
  asksForUsage: true,
  reasoning: (wish, model) => reasoning(wish, model),
  usage: withThoughts,
  aside: { kind: 'citations', read: ({ citations }) => citationsOf(citations) },
  readError,
  model: readModel,
  traits: () => ({ stopsOnAbort: true }),
}

function reasoning(wish: NonNullable<Sampling['reasoning']>, model: string): Adapted {
  return effortField(wish, model, efforts(model))
}

/** Other models refuse the field, whatever its value. */
function efforts(model: string): readonly string[] {
  if (model.startsWith('grok-3-mini')) return ['low', 'high']
  if (model.startsWith('grok-4.3')) return ['none', 'low', 'medium', 'high', 'xhigh']
  return /^grok-(4\.[5-9]|[5-9])/.test(model) ? ['low', 'medium', 'high'] : []
}

/** Reasoning stands beside `completion_tokens`. Where there is a total, the common rules have seen it. */
function withThoughts(wire: Wire, read: Partial<Usage>): Partial<Usage> {
  const { output = 0, total = 0 } = read
  const details = (wire['completion_tokens_details'] ?? {}) as Wire // reading a property of anything but null is safe
  const thought = tokens(details['reasoning_tokens'])
  if (wire['total_tokens'] !== undefined || thought === 0) return read
  return { ...read, output: output + thought, reasoning: thought, total: total + thought }
}

function citationsOf(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined
  const urls = value.filter((url): url is string => typeof url === 'string')
  return urls.length === 0 ? undefined : urls
}

/** Bodies are `{ code, error }`, both sentences; wrong keys are 400, empty accounts 403 or 429. */
function readError({ status, body }: Parameters<ErrorReader>[0]): ReturnType<ErrorReader> {
  const words = errorMessage(body) ?? ''
  if (/all available credits|monthly spending limit|any credits/i.test(words)) return { kind: 'billing' }
  if (status === 400 && /incorrect api key|invalid api key/i.test(words)) return { kind: 'auth' }
  if (status === 400 && /maximum prompt length is/i.test(words)) return { kind: 'context_length' }
  if (status === 403 && /violates usage guidelines/i.test(words)) return { kind: 'content_filter', phase: 'input' }
  return undefined
}

/** Prices are US cents per hundred million tokens. */
function readModel(entry: Wire): Partial<ModelInfo> {
  return {
    ...priceField('inputPerMTok', entry['prompt_text_token_price'], 1e-4),
    ...priceField('cacheReadPerMTok', entry['cached_prompt_text_token_price'], 1e-4),
    ...priceField('outputPerMTok', entry['completion_text_token_price'], 1e-4),
    ...inputOf(entry['input_modalities']),
  }
}

declare module '@wayfare/core' {
  interface KnownModels {
    'xai/grok-4.6': true
    'xai/grok-4.5': true
    'xai/grok-4.3': true
    'xai/grok-code-fast-1': true
  }
  interface ProviderOptions {
    readonly xai?: XAIOptions | undefined
  }
}
