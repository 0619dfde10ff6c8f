import type { Provider, ProviderCallOptions, Sampling } from '@wayfare/core'
import { errorMessage, isRecord, type Endpoint, type ErrorReader, type VendorOptions } from '@wayfare/provider-kit'
import { usdLeft } from '../balance.ts'
import type { Adapted, ChatBody, Dialect } from '../dialect.ts'
import { effortField, thinksAnyway, thinksOrNot } from '../effort.ts'
import { dialectProvider } from '../provider.ts'
import { withoutSampling } from '../sampling.ts'
import { records } from '../wire.ts'

/**
 * Moonshot, whose models are called Kimi. The key is `MOONSHOT_API_KEY` unless given, read at the first request. `balance()`
 * is there for the international platform only: the one in China (`baseURL: 'https://api.moonshot.cn/v1'`) counts in CNY.
 *
 * @example
 * ```ts
 * import { Router } from '@wayfare/core'
 * import { moonshot } from '@wayfare/openai-compatible/moonshot'
 * const router = new Router({ providers: [moonshot()], model: 'moonshot/kimi-k3' })
 * ```
 */
export function moonshot(options: VendorOptions = {}): Provider {
  const inYuan = /^https:\/\/[^/]*\.cn(\/|$)/i.test(options.baseURL ?? dialect.baseURL)
  return dialectProvider(inYuan ? { ...dialect, balance: undefined } : dialect, options)
}

/** What Moonshot takes beyond Wayfare's own options; sent as it stands. */
export interface MoonshotOptions {
  readonly [key: string]: unknown
  readonly thinking?: { readonly type: 'enabled' | 'disabled' } | undefined
  readonly prompt_cache_key?: string | undefined
}

const dialect: Dialect = {
  vendor: 'moonshot',
  baseURL: 'https://api.moonshot.ai/v1',
  keyVariable: 'MOONSHOT_API_KEY',
  maxTokensField: 'max_completion_tokens',
  asksForUsage: true,
  // Its own look like `functions.weather:0`, and it knows them best.
  toolCallId: { valid: /^.{1,64}$/s, make: (_, index) => `call_${index}` },
  reasoning,
  adapt: (body, { model }) => {
    if (!model.startsWith('kimi-')) return { body: lastTurn(body) }
    const { body: rest, warnings } = withoutSampling(body, `${model} has fixed values`)
    return { body: lastTurn(rest), warnings }
  },
  readError,
  balance,
}

function reasoning(wish: NonNullable<Sampling['reasoning']>, model: string): Adapted {
  if (/^kimi-k([3-9]|\d\d)/.test(model)) return effortField(wish, model, ['low', 'high', 'max'])
  if (/^kimi-k2\.[56]/.test(model)) {
    return thinksOrNot(wish, model, { on: { thinking: { type: 'enabled' } }, off: { thinking: { type: 'disabled' } } })
  }
  return /^kimi-k2(\.7|-thinking)/.test(model) ? thinksAnyway(model) : effortField(wish, model, [])
}

/** An assistant's turn at the end is the beginning of the answer only when it is marked so. */
function lastTurn(body: ChatBody): ChatBody {
  const messages = records(body['messages'])
  const last = messages.at(-1)
  if (last?.['role'] !== 'assistant') return body
  return { ...body, messages: [...messages.slice(0, -1), { ...last, partial: true }] }
}

function readError({ body }: Parameters<ErrorReader>[0]): ReturnType<ErrorReader> {
  const error = isRecord(body) && isRecord(body['error']) ? body['error'] : {}
  if (error['type'] === 'exceeded_current_quota_error') return { kind: 'billing' }
  if (error['type'] === 'engine_overloaded_error') return { kind: 'overloaded' }
  return /exceeded model token limit/i.test(errorMessage(body) ?? '') ? { kind: 'context_length' } : undefined
}

async function balance(api: Endpoint, call?: ProviderCallOptions): Promise<number> {
  const body = await api.get('users/me/balance', call)
  const { available_balance: left } = isRecord(body) && isRecord(body['data']) ? body['data'] : {}
  return usdLeft('moonshot', left)
}

declare module '@wayfare/core' {
  interface KnownModels {
    'moonshot/kimi-k3': true
    'moonshot/kimi-k2.6': true
  }
  interface ProviderOptions {
    readonly moonshot?: MoonshotOptions | undefined
  }
}
