import type { AssistantPart, FilePart, ProviderMessage, ProviderRequest, ToolResultPart, UserPart } from '@wayfare/core'
import { jsonBytes, utf8Bytes } from './bytes.ts'

/** Counts the tokens of a text for a model. */
export type CountTokens = (model: string, text: string) => number

const perMessage = 16
const perTool = 32
/** Vendors put a text of their own before the first tool. */
const forTools = 1_024
/**
 * A picture of any size. Vendors count by area, and some cheap models multiply: the most that was seen is 36,900 tokens for
 * one picture. Documents may be counted as pictures of their pages, hence never less.
 */
const perFile = 50_000
/** A file behind an address, or what the vendor kept of before, may fill the context of the largest models. */
const unseen = 1_000_000
/** Options that name what the vendor holds and reads as input, under the names that vendors use. */
const heldByVendor: ReadonlySet<string> = new Set([
  'previous_response_id',
  'previousResponseId',
  'previous_interaction_id',
  'conversation',
  'prompt',
  'cachedContent',
  'cached_content',
])

/**
 * What the input may be billed for: a token for each byte of UTF-8 (one of a byte-level tokenizer covers at least a byte, so
 * no text has more), and for what is not text an amount above all that is known of vendors, which none of them promises. With `countTokens` texts count as it says.
 */
export function inputTokensAtMost(request: ProviderRequest, countTokens: CountTokens | undefined): number {
  const { model } = request
  const text: TextCounter =
    countTokens === undefined ? utf8Bytes : (content) => sane(countTokens(model, content), content)
  const value: ValueCounter = countTokens === undefined ? jsonBytes : (content) => text(JSON.stringify(content) ?? '')
  let tokens = 0
  for (const message of request.messages) tokens += perMessage + messageTokens(message, text, value)
  if (request.tools.length > 0) {
    tokens += forTools
    for (const { name, description = '', inputSchema } of request.tools) {
      tokens += perTool + text(name) + text(description) + value(inputSchema)
    }
  }
  if (request.output !== undefined) tokens += perTool + text(request.output.name) + value(request.output.schema)
  return request.options === undefined ? tokens : tokens + optionTokens(request.options, value)
}

type TextCounter = (text: string) => number
type ValueCounter = (value: unknown) => number

/** A counter that answers nonsense does not open the limit. */
function sane(tokens: number, text: string): number {
  return tokens >= 0 && tokens < Infinity ? Math.ceil(tokens) : utf8Bytes(text)
}

/** Any of them may be input: vendors' own options go into the body as they are. */
function optionTokens(options: NonNullable<ProviderRequest['options']>, value: ValueCounter): number {
  let tokens = value(options)
  for (const [name, option] of Object.entries(options)) {
    if (heldByVendor.has(name) && option !== undefined && option !== null) tokens += unseen
  }
  return tokens
}

function messageTokens(message: ProviderMessage, text: TextCounter, value: ValueCounter): number {
  let tokens = 0
  for (const part of message.content) tokens += partTokens(part, text, value)
  return tokens
}

function partTokens(part: UserPart | AssistantPart | ToolResultPart, text: TextCounter, value: ValueCounter): number {
  // Sealed reasoning travels as metadata, and is billed as input where it is sent back.
  const sealed = part.providerMetadata === undefined ? 0 : value(part.providerMetadata)
  switch (part.type) {
    case 'text':
    case 'reasoning':
      return sealed + text(part.text)
    case 'tool_call':
      return sealed + text(part.id) + text(part.name) + text(part.rawInput)
    case 'tool_result':
      return sealed + text(part.id) + text(part.name) + resultTokens(part.output, text, value)
    case 'provider':
      return sealed + value(part.value)
    case 'file':
      return sealed + fileTokens(part)
  }
}

function resultTokens(output: ToolResultPart['output'], text: TextCounter, value: ValueCounter): number {
  if (typeof output === 'string') return text(output)
  let tokens = 0
  for (const part of output) tokens += partTokens(part, text, value)
  return tokens
}

function fileTokens({ mediaType, data }: FilePart): number {
  if (mediaType.startsWith('image/')) return perFile
  return data === undefined ? unseen : Math.max(perFile, data.length)
}
