import type { ModelInfo, Provider, ProviderCallOptions } from '@wayfare/core'
import { isRecord, type Endpoint, type ErrorReader, type VendorOptions } from '@wayfare/provider-kit'
import { amountOf } from '../amount.ts'
import { usdLeft } from '../balance.ts'
import type { Dialect } from '../dialect.ts'
import { environmentKey } from '../environment.ts'
import { priceField } from '../price-field.ts'
import { dialectProvider } from '../provider.ts'
import { keepDetails, replayDetails } from '../reasoning-details.ts'
import { reasoningField } from '../reasoning-wish.ts'
import { records, type Wire } from '../wire.ts'

/**
 * Vercel's AI Gateway. The key is `AI_GATEWAY_API_KEY` unless given, else `VERCEL_OIDC_TOKEN`, read at each request.
 *
 * @example
 * ```ts
 * import { Router } from '@wayfare/core'
 * import { vercel } from '@wayfare/openai-compatible/vercel'
 * const router = new Router({ providers: [vercel()], model: 'vercel/openai/gpt-5.4' })
 * ```
 */
export function vercel(options: VendorOptions = {}): Provider {
  return dialectProvider(dialect, { ...options, apiKey: options.apiKey ?? ownKey })
}

/** What the AI Gateway takes beyond Wayfare's own options; sent as it stands. */
export interface VercelOptions {
  readonly [key: string]: unknown
  readonly providerOptions?:
    | {
        readonly gateway?:
          | {
              readonly [key: string]: unknown
              /** Hosts, the first one first. */
              readonly order?: readonly string[] | undefined
              readonly only?: readonly string[] | undefined
              /** Models that the gateway itself falls back to. */
              readonly models?: readonly string[] | undefined
              readonly user?: string | undefined
              readonly tags?: readonly string[] | undefined
            }
          | undefined
        readonly [vendor: string]: { readonly [key: string]: unknown } | undefined
      }
    | undefined
}

const dialect: Dialect = {
  vendor: 'vercel',
  baseURL: 'https://ai-gateway.vercel.sh/v1',
  keyVariable: 'AI_GATEWAY_API_KEY',
  healthPath: 'credits',
  asksForUsage: true,
  cacheControl: true,
  reasoning: reasoningField,
  keepReasoning: keepDetails,
  replayReasoning: replayDetails,
  reportedUsd: ({ cost }) => amountOf(cost),
  costBeside: metadataCost,
  billsUnanswered: true,
  readError,
  model: readModel,
  balance: async (api: Endpoint, call?: ProviderCallOptions) => {
    const credits = await api.get('credits', call)
    return usdLeft('vercel', isRecord(credits) ? credits['balance'] : undefined)
  },
}

function ownKey(): string {
  return environmentKey('AI_GATEWAY_API_KEY')() || environmentKey('VERCEL_OIDC_TOKEN')()
}

/** The gateway's own facts stand in the message, or in the last delta of a stream; the cost is text. */
function metadataCost(chunk: Wire): number | undefined {
  const [choice] = records(chunk['choices'])
  for (const place of [choice?.['delta'], choice?.['message'], choice, chunk]) {
    const metadata = isRecord(place) ? (place['provider_metadata'] ?? place['providerMetadata']) : undefined
    const gateway = isRecord(metadata) ? metadata['gateway'] : undefined
    if (isRecord(gateway) && gateway['cost'] !== undefined) return amountOf(gateway['cost'])
  }
  return undefined
}

/** Without a card no credit is given. */
function readError({ status, body }: Parameters<ErrorReader>[0]): ReturnType<ErrorReader> {
  const error = isRecord(body) && isRecord(body['error']) ? body['error'] : {}
  return status === 403 && error['type'] === 'customer_verification_required' ? { kind: 'billing' } : undefined
}

/** Prices are texts of USD per token. */
function readModel({ type, pricing, tags, max_tokens: most }: Wire): Partial<ModelInfo> | undefined {
  if (typeof type === 'string' && type !== 'language') return undefined
  const prices = isRecord(pricing) ? pricing : {}
  return {
    ...priceField('inputPerMTok', prices['input'], 1e6),
    ...priceField('outputPerMTok', prices['output'], 1e6),
    ...priceField('cacheReadPerMTok', prices['input_cache_read'], 1e6),
    ...priceField('cacheWritePerMTok', prices['input_cache_write'], 1e6),
    ...(typeof most === 'number' && most > 0 && { maxOutputTokens: most }),
    ...(Array.isArray(tags) && { supportsTools: tags.includes('tool-use') }),
  }
}

declare module '@wayfare/core' {
  interface KnownModels {
    'vercel/openai/gpt-5.4': true
    'vercel/anthropic/claude-sonnet-5': true
  }
  interface ProviderOptions {
    readonly vercel?: VercelOptions | undefined
  }
}
