import { LLMError, type Provider, type ProviderCallOptions, type Sampling, type Warning } from '@wayfare/core'
import { isRecord, type Endpoint, type VendorOptions } from '@wayfare/provider-kit'
import { usdLeft } from '../balance.ts'
import type { Adapted, ChatBody, Dialect } from '../dialect.ts'
import { effortField } from '../effort.ts'
import { dialectProvider } from '../provider.ts'
import { withoutSampling } from '../sampling.ts'
import { records } from '../wire.ts'

/**
 * DeepSeek. The key is `DEEPSEEK_API_KEY` unless given, read at the first request.
 *
 * @example
 * ```ts
 * import { Router } from '@wayfare/core'
 * import { deepseek } from '@wayfare/openai-compatible/deepseek'
 * const router = new Router({ providers: [deepseek()], model: 'deepseek/deepseek-v4-flash' })
 * ```
 */
export function deepseek(options: VendorOptions = {}): Provider {
  return dialectProvider(dialect, options)
}

/** What DeepSeek takes beyond Wayfare's own options; sent as it stands. */
export interface DeepSeekOptions {
  readonly [key: string]: unknown
  readonly thinking?: { readonly type: 'enabled' | 'disabled' } | undefined
}

const dialect: Dialect = {
  vendor: 'deepseek',
  baseURL: 'https://api.deepseek.com',
  keyVariable: 'DEEPSEEK_API_KEY',
  asksForUsage: true,
  output: 'json_object',
  reasoning,
  adapt: (body, { options, model }) => {
    const thinking = isRecord(options?.['thinking']) ? options['thinking'] : body['thinking']
    if (isRecord(thinking) && thinking['type'] === 'disabled') return { body }
    return withThoughts(withoutSampling(body, `${model} ignores it while it thinks`))
  },
  balance,
  traits: () => ({ stopsOnAbort: true, tools: true }),
}

function reasoning(wish: NonNullable<Sampling['reasoning']>, model: string): Adapted {
  if (wish === 'none') return { body: { thinking: { type: 'disabled' } } }
  const effort = effortField(wish, model, ['low', 'high', 'max'])
  return { ...effort, body: { thinking: { type: 'enabled' }, ...effort.body } }
}

/** Every turn of a model that thinks has to come back with its thoughts; none at all is one of another vendor, and may be ''. */
function withThoughts({ body, warnings }: { body: ChatBody; warnings: readonly Warning[] }): Adapted {
  const messages = records(body['messages']).map((message) =>
    message['role'] === 'assistant' ? { reasoning_content: '', ...message } : message,
  )
  return { body: { ...body, messages }, warnings }
}

async function balance(api: Endpoint, call?: ProviderCallOptions): Promise<number> {
  const body = await api.get('user/balance', call)
  const wallets = isRecord(body) ? records(body['balance_infos']) : []
  const usd = wallets.find(({ currency }) => currency === 'USD')
  if (usd !== undefined || wallets.length === 0) return usdLeft('deepseek', usd?.['total_balance'])
  const message = 'deepseek keeps this balance in another currency than USD; look it up there'
  throw new LLMError('unsupported', message, { provider: 'deepseek' })
}

declare module '@wayfare/core' {
  interface KnownModels {
    'deepseek/deepseek-v4-flash': true
    'deepseek/deepseek-v4-pro': true
  }
  interface ProviderOptions {
    readonly deepseek?: DeepSeekOptions | undefined
  }
}
