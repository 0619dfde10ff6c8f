import type { JSONValue } from './json.ts'

/** Opaque facts keyed by vendor (signatures, item ids); replayed only to the vendor that made them. */
export type ProviderMetadata = { readonly [vendor: string]: JSONValue }

export interface PartBase {
  readonly providerMetadata?: ProviderMetadata | undefined
  /** Ends a cacheable prefix here, where the vendor has explicit prompt caching. `true` is the vendor's default lifetime. */
  readonly cache?: boolean | { readonly ttl: '5m' | '1h' } | undefined
}

export interface TextPart extends PartBase {
  readonly type: 'text'
  readonly text: string
}

/** What a model thought aloud. The text may be empty while its metadata still matters. */
export interface ReasoningPart extends PartBase {
  readonly type: 'reasoning'
  readonly text: string
}

/** Exactly one of `data` (bytes or base64) and `url`. Responses hold base64, so that a history survives JSON. */
export type FilePart = PartBase & {
  readonly type: 'file'
  /** As `image/png` or `application/pdf`. */
  readonly mediaType: string
  readonly filename?: string | undefined
} & (
    | { readonly data: Uint8Array | string; readonly url?: undefined }
    | { readonly url: string | URL; readonly data?: undefined }
  )

export interface ToolCallPart extends PartBase {
  readonly type: 'tool_call'
  readonly id: string
  readonly name: string
  /** The parsed JSON as the model wrote it, not the output of the tool's schema. */
  readonly input: unknown
  /** The same, before parsing. */
  readonly rawInput: string
  /** Set when `rawInput` is not JSON or the name was never offered. */
  readonly invalid?: true
}

export interface ToolResultPart extends PartBase {
  readonly type: 'tool_result'
  /** The id of the call that this answers. */
  readonly id: string
  readonly name: string
  readonly output: string | readonly (TextPart | FilePart)[]
  readonly isError?: boolean | undefined
}

/** A block that only its vendor understands, such as the result of a server-side tool. */
export interface ProviderPart extends PartBase {
  readonly type: 'provider'
  readonly vendor: string
  readonly kind: string
  readonly value: JSONValue
}

export type UserPart = TextPart | FilePart
export type AssistantPart = TextPart | ReasoningPart | ToolCallPart | FilePart | ProviderPart

export interface SystemMessage {
  readonly role: 'system'
  readonly content: string | readonly TextPart[]
}
export interface UserMessage {
  readonly role: 'user'
  readonly content: string | readonly UserPart[]
}
export interface AssistantMessage {
  readonly role: 'assistant'
  readonly content: string | readonly AssistantPart[]
}
export interface ToolMessage {
  readonly role: 'tool'
  readonly content: readonly ToolResultPart[]
}
/** A turn of a conversation. An answer's own is `response.message`, those of tools are made by `runTools` and `toolResult`. */
export type Message = SystemMessage | UserMessage | AssistantMessage | ToolMessage
