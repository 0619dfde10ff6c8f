import type { ModelInfo, Provider, Sampling } from '@wayfare/core'
import { errorMessage, isRecord, type ErrorReader, type VendorOptions } from '@wayfare/provider-kit'
import type { Adapted, ChatBody, Dialect, KeptReasoning } from '../dialect.ts'
import { effortField, thinksAnyway } from '../effort.ts'
import { dialectProvider } from '../provider.ts'
import { records, type Wire } from '../wire.ts'

/**
 * Mistral. The key is `MISTRAL_API_KEY` unless given, read at the first request.
 *
 * @example
 * ```ts
 * import { Router } from '@wayfare/core'
 * import { mistral } from '@wayfare/openai-compatible/mistral'
 * const router = new Router({ providers: [mistral()], model: 'mistral/mistral-large-latest' })
 * ```
 */
export function mistral(options: VendorOptions = {}): Provider {
  return dialectProvider(dialect, options)
}

/** What Mistral takes beyond Wayfare's own options; sent as it stands. */
export interface MistralOptions {
  readonly [key: string]: unknown
  readonly safe_prompt?: boolean | undefined
  readonly prompt_mode?: 'reasoning' | null | undefined
  readonly parallel_tool_calls?: boolean | undefined
}

const dialect: Dialect = {
  vendor: 'mistral',
  baseURL: 'https://api.mistral.ai/v1',
  keyVariable: 'MISTRAL_API_KEY',
  toolCallId: { valid: /^[A-Za-z0-9]{9}$/, make: (_, index) => index.toString(36).padStart(9, '0') },
  reasoning,
  adapt: (body) => ({ body: lastTurn(seeded(body)) }),
  replayReasoning,
  readError,
  model: readModel,
}

function reasoning(wish: NonNullable<Sampling['reasoning']>, model: string): Adapted {
  if (model.startsWith('magistral')) return thinksAnyway(model)
  if (model.startsWith('mistral-large')) return effortField(wish, model, ['low', 'medium', 'high'])
  return effortField(wish, model, /^mistral-(small|medium)/.test(model) ? ['none', 'high'] : [])
}

function seeded({ seed, ...body }: ChatBody): ChatBody {
  return seed === undefined ? body : { ...body, random_seed: seed }
}

/** An assistant's turn at the end is refused unless it is marked as the beginning of the answer. */
function lastTurn(body: ChatBody): ChatBody {
  const messages = records(body['messages'])
  const last = messages.at(-1)
  if (last?.['role'] !== 'assistant') return body
  return { ...body, messages: [...messages.slice(0, -1), { ...last, prefix: true }] }
}

function replayReasoning(kept: readonly KeptReasoning[], text: string): Record<string, unknown> {
  const thoughts = kept.map((one) => ({ type: 'thinking', thinking: [{ type: 'text', text: one.text }] }))
  return { content: [...thoughts, ...(text === '' ? [] : [{ type: 'text', text }])] }
}

function readError({ status, body }: Parameters<ErrorReader>[0]): ReturnType<ErrorReader> {
  const words = errorMessage(body) ?? ''
  if (/tier capacity exceeded/i.test(words)) return { kind: 'rate_limit' }
  if (status === 400 && /invalid model/i.test(words)) return { kind: 'model_not_found' }
  return undefined
}

function readModel({ capabilities }: Wire): Partial<ModelInfo> | undefined {
  const can = isRecord(capabilities) ? capabilities : {}
  if (can['completion_chat'] === false) return undefined
  return {
    ...(typeof can['function_calling'] === 'boolean' && { supportsTools: can['function_calling'] }),
    ...(typeof can['vision'] === 'boolean' && { input: can['vision'] ? ['text', 'image'] : ['text'] }),
  }
}

declare module '@wayfare/core' {
  interface KnownModels {
    'mistral/mistral-large-latest': true
    'mistral/mistral-medium-latest': true
    'mistral/mistral-small-latest': true
    'mistral/codestral-latest': true
  }
  interface ProviderOptions {
    readonly mistral?: MistralOptions | undefined
  }
}
