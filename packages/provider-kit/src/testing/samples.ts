import type {
  FinishReason,
  LLMErrorKind,
  LLMErrorPhase,
  ModelInfo,
  Provider,
  ProviderRequest,
  Usage,
} from '@wayfare/core'

/** Makes the provider under test, with this address and this key. */
export type OpenProvider = (options: { readonly baseURL: string; readonly apiKey: string }) => Provider

/** How a vendor speaks, as data. What it has a sample of, it can do. */
export interface WireSamples {
  /** In the titles of the tests. */
  readonly name: string
  /** The model to ask. */
  readonly model: string
  /** What separates the events of a stream: a blank line, or the end of each line. */
  readonly stream: 'sse' | 'ndjson'
  /** Found in the event that completes an answer, and in none before it. */
  readonly terminator: RegExp
  /** Answers by the scenario that plays them. Those that the suite makes from others may be replaced, or said to be absent. */
  readonly answers: { readonly [scenario: string]: Sample | Absent }
  /** What is sent for the suite's conversations. */
  readonly requests: { readonly [scenario: string]: SentRequest | Absent }
}

/** One HTTP answer as the vendor sends it, recorded or written. */
export interface Sample {
  /** Default 200. */
  readonly status?: number | undefined
  /** Lower-case names. Default: the content type that `body` and `stream` suggest. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Text, in which every line ends in `\n`; anything else is sent as JSON. */
  readonly body: unknown
  /** What belongs to the request that it answers. */
  readonly request?: Partial<ProviderRequest> | undefined
  /** Where it differs from what the scenario expects of all vendors, or says more. */
  readonly expect?: Expectation | undefined
}

/** Why there is no sample: what the vendor, or its API, lacks. */
export interface Absent {
  readonly absent: string
}

/** A request as the vendor must get it. */
export interface SentRequest {
  /** Below the base URL, with the query. */
  readonly path: string
  readonly body: unknown
  /** Codes, in order. Default: none. */
  readonly warnings?: readonly string[] | undefined
}

/** Of an answer or a failure. Objects may hold more than is expected, lists may not. */
export interface Expectation {
  readonly text?: string | undefined
  readonly reasoning?: string | undefined
  /** Of the whole message, in order. */
  readonly parts?: readonly object[] | undefined
  readonly toolCalls?: readonly object[] | undefined
  readonly usage?: Partial<Usage> | undefined
  readonly reportedUsd?: number | undefined
  readonly finish?: FinishReason | undefined
  readonly rawReason?: string | undefined
  readonly start?: object | undefined
  /** Codes, in order. Default: none. */
  readonly warnings?: readonly string[] | undefined
  /** Names of tools that ran at the vendor's. */
  readonly sideEffects?: readonly string[] | undefined
  /** Texts that must stand in the next request, when the answer is part of its history. */
  readonly replayed?: readonly string[] | undefined
  readonly error?: LLMErrorKind | undefined
  readonly retryAfterMs?: number | undefined
  readonly phase?: LLMErrorPhase | undefined
  readonly models?: readonly Partial<ModelInfo>[] | undefined
  readonly balanceUsd?: number | undefined
}

export function isAbsent(sample: object): sample is Absent {
  return 'absent' in sample
}
