/** Known `provider/model` references, for completion in the editor only. Provider packages add theirs by declaration merging. */
export interface KnownModels {}

/** `provider/id`, split at the first slash (an id may hold more of them), or both named. */
// oxlint-disable-next-line typescript/no-redundant-type-constituents -- empty here, and filled by those who install providers
export type ModelRef = (keyof KnownModels & string) | (string & {}) | ModelTarget

/** A model at a provider. */
export interface ModelTarget {
  /** The name under which a provider is registered. */
  readonly provider: string
  /** The id as the vendor spells it; never split. */
  readonly model: string
}

/** USD per million tokens. Absent means unknown, not free. */
export interface ModelPrice {
  readonly inputPerMTok?: number
  readonly outputPerMTok?: number
  readonly cacheReadPerMTok?: number
  readonly cacheWritePerMTok?: number
}

/** What a provider tells about one of its models. */
export interface ModelInfo extends ModelPrice {
  readonly id: string
  readonly provider: string
  readonly name?: string
  readonly contextTokens?: number
  readonly maxOutputTokens?: number
  readonly supportsTools?: boolean
  readonly input?: readonly ('text' | 'image' | 'audio' | 'video' | 'pdf')[]
  /** Tokens served per week, where a vendor publishes popularity. */
  readonly weeklyTokens?: number
}
