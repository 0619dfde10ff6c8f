import type {
  JSONValue,
  ModelInfo,
  ProviderCallOptions,
  ProviderRequest,
  ProviderTraits,
  Sampling,
  Usage,
  Warning,
} from '@wayfare/core'
import type { Endpoint, ErrorReader, HistoryRules } from '@wayfare/provider-kit'

/** How one vendor differs from the common form of chat completions: facts, and functions without side effects. */
export interface Dialect {
  /** Whose prices, metadata and options apply; the default name of the provider. */
  readonly vendor: string
  readonly baseURL: string
  /** The environment variable that holds the key, read at the first request. Without one a key is optional. */
  readonly keyVariable?: string | undefined
  /** Where a chat is posted, relative to the base URL. Default `chat/completions`. */
  readonly chatPath?: ((model: string) => string) | undefined
  /** Where models are listed. Default `models`; null where there is no list, and then no `health` without a path of its own. */
  readonly modelsPath?: string | null | undefined
  /** The headers that carry the key; default `authorization: Bearer`. */
  readonly authorize?: ((key: string) => Record<string, string>) | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Default `max_tokens`. */
  readonly maxTokensField?: 'max_tokens' | 'max_completion_tokens' | undefined
  /** Whether usage in streams has to be asked for, by `stream_options`. Default false. */
  readonly asksForUsage?: boolean | undefined
  /** Default `system`. */
  readonly systemRole?: ((model: string) => 'system' | 'developer') | undefined
  /** How a wish for reasoning is put. Default: `reasoning_effort`, one of low, medium and high. */
  readonly reasoning?: ((wish: NonNullable<Sampling['reasoning']>, model: string) => Adapted) | undefined
  /** How an answer by a schema is asked for. By `json_object` the schema goes into the prompt. Default `json_schema`. */
  readonly output?: 'json_schema' | 'json_object' | undefined
  /** Whether files may be given by URL besides images. Default false. */
  readonly fileURLs?: boolean | undefined
  /** Whether parts may carry `cache_control`. Default false. */
  readonly cacheControl?: boolean | undefined
  /** Default: 1 to 40 letters, digits, `_` and `-`. */
  readonly toolCallId?: HistoryRules['toolCallId']
  /** The last word on a request body, before the user's own options. */
  readonly adapt?: ((body: ChatBody, request: ProviderRequest) => Adapted) | undefined
  /** Collects what comes along with reasoning and has to go back. */
  readonly keepReasoning?: (() => ReasoningKeeper) | undefined
  /** The fields of a message in which kept reasoning goes back beside its text. Default: the field it came from. */
  readonly replayReasoning?:
    | ((reasoning: readonly KeptReasoning[], text: string) => Record<string, unknown>)
    | undefined
  /** Corrects the usage that the common rules read. */
  readonly usage?: ((wire: Readonly<Record<string, unknown>>, read: Partial<Usage>) => Partial<Usage>) | undefined
  /** USD, where the vendor reports what a call cost. */
  readonly reportedUsd?: ((wire: Readonly<Record<string, unknown>>) => number | undefined) | undefined
  /** USD, where the vendor reports what a call cost outside the usage: anywhere in a chunk, or in the headers of the answer. */
  readonly costBeside?:
    | ((chunk: Readonly<Record<string, unknown>>, headers: ReadonlyMap<string, string>) => number | undefined)
    | undefined
  /** What comes along with an answer and is no part of it, such as sources; the last one becomes a part of that kind. */
  readonly aside?:
    | { readonly kind: string; readonly read: (chunk: Readonly<Record<string, unknown>>) => JSONValue | undefined }
    | undefined
  /** The host behind a gateway. */
  readonly upstream?: ((chunk: Readonly<Record<string, unknown>>) => string | undefined) | undefined
  /** The header that names a request; default: the usual ones. */
  readonly requestIdHeader?: string | undefined
  /** Whether a request that is answered with nothing may be on the bill all the same. Default false. */
  readonly billsUnanswered?: boolean | undefined
  readonly readError?: ErrorReader | undefined
  /** What an entry of the model list says beyond the common fields; undefined leaves the model out. */
  readonly model?: ((entry: Readonly<Record<string, unknown>>) => Partial<ModelInfo> | undefined) | undefined
  readonly balance?: ((api: Endpoint, options?: ProviderCallOptions) => Promise<number>) | undefined
  /** What answers cheaply and checks the key. Default `models`. */
  readonly healthPath?: string | undefined
  readonly traits?: ((model: string) => ProviderTraits) | undefined
}

export type ChatBody = Record<string, unknown>

export interface Adapted {
  readonly body: ChatBody
  readonly warnings?: readonly Warning[] | undefined
}

export interface ReasoningKeeper {
  /** Sees each delta (or the whole message). */
  add(delta: Readonly<Record<string, unknown>>): void
  /** What must go back; undefined when nothing was sent. */
  kept(): JSONValue | undefined
}

/** Reasoning of this vendor in a history. */
export interface KeptReasoning {
  readonly text: string
  /** Where the text came from. */
  readonly field: string
  readonly kept?: JSONValue | undefined
}
