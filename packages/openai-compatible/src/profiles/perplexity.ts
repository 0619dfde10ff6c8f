import { LLMError, type JSONValue, type Provider, type ProviderRequest, type Usage } from '@wayfare/core'
import { tokens, type VendorOptions } from '@wayfare/provider-kit'
import type { Adapted, ChatBody, Dialect } from '../dialect.ts'
import { dialectProvider } from '../provider.ts'
import { records, type Wire } from '../wire.ts'

/**
 * Perplexity's Sonar, by chat completions. The key is `PERPLEXITY_API_KEY` unless given, read at the first request.
 *
 * Perplexity announced the end of this interface for 27 September 2026; where it no longer answers, calls fail as its server
 * says.
 *
 * @example
 * ```ts
 * import { Router } from '@wayfare/core'
 * import { perplexity } from '@wayfare/openai-compatible/perplexity'
 * const router = new Router({ providers: [perplexity()], model: 'perplexity/sonar' })
 * ```
 */
export function perplexity(options: VendorOptions = {}): Provider {
  return dialectProvider(dialect, options)
}

/** What Perplexity takes beyond Wayfare's own options; sent as it stands. */
export interface PerplexityOptions {
  readonly [key: string]: unknown
  readonly search_mode?: 'web' | 'academic' | 'sec' | undefined
  readonly search_domain_filter?: readonly string[] | undefined
  readonly search_recency_filter?: 'hour' | 'day' | 'week' | 'month' | 'year' | undefined
  readonly web_search_options?: { readonly [key: string]: unknown } | undefined
}

const dialect: Dialect = {
  vendor: 'perplexity',
  baseURL: 'https://api.perplexity.ai',
  keyVariable: 'PERPLEXITY_API_KEY',
  modelsPath: null,
  adapt,
  // Thoughts have no place in a history.
  replayReasoning: () => ({}),
  usage: withSearches,
  aside: { kind: 'sources', read: sources },
  traits: () => ({ tools: false }),
}

function adapt(body: ChatBody, { tools, messages }: ProviderRequest): Adapted {
  const used = messages.some(({ role, content }) => role === 'tool' || content.some(({ type }) => type === 'tool_call'))
  if (tools.length > 0 || used) {
    const message = 'perplexity takes no tools and no history with tool calls; use another model for them'
    throw new LLMError('unsupported', message, { provider: 'perplexity' })
  }
  return { body: { ...body, messages: alternating(records(body['messages'])) } }
}

/** Behind the system messages, users and assistants must take turns. */
function alternating(messages: readonly Wire[]): readonly Wire[] {
  return messages.reduce<Wire[]>((turns, message) => {
    const last = turns.at(-1)
    if (last === undefined || last['role'] !== message['role']) return [...turns, message]
    return [...turns.slice(0, -1), { ...last, content: joined(last['content'], message['content']) }]
  }, [])
}

function joined(one: unknown, other: unknown): unknown {
  if (typeof one === 'string' && typeof other === 'string') return `${one}\n\n${other}`
  return [one, other].flatMap((content) => (typeof content === 'string' ? [{ type: 'text', text: content }] : content))
}

function withSearches(wire: Wire, read: Partial<Usage>): Partial<Usage> {
  const webSearches = tokens(wire['num_search_queries'])
  return webSearches === 0 ? read : { ...read, webSearches }
}

function sources({ citations, search_results: results }: Wire): JSONValue | undefined {
  if (!Array.isArray(citations) && !Array.isArray(results)) return undefined
  // Both were parsed from JSON.
  return {
    ...(Array.isArray(citations) && { citations: citations as JSONValue[] }),
    ...(Array.isArray(results) && { search_results: results as JSONValue[] }),
  }
}

declare module '@wayfare/core' {
  interface KnownModels {
    'perplexity/sonar': true
    'perplexity/sonar-pro': true
  }
  interface ProviderOptions {
    readonly perplexity?: PerplexityOptions | undefined
  }
}
