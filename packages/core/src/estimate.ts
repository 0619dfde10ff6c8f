import type { JSONSchema } from './contract/json.ts'
import type { FilePart, TextPart } from './contract/message.ts'
import type { ProviderMessage, ProviderRequest } from './contract/provider.ts'

/** UTF-8 bytes per token, of mixed text and code. */
const bytesPerToken = 3.3
/** What a message costs beyond its text. */
const tokensPerMessage = 4
/** What an image or a page costs where nothing better is known. */
const tokensPerFile = 1_500

/** Tokens in a text that nobody counted. */
function estimateTokens(text: string): number {
  return Math.ceil(bytesOf(text) / bytesPerToken)
}

/** Tokens in all of these texts together. */
export function estimateTexts(texts: readonly string[]): number {
  let bytes = 0
  for (const text of texts) bytes += bytesOf(text)
  return Math.ceil(bytes / bytesPerToken)
}

/** Tokens of output received before a stream broke: a little more than the texts say, for what was on its way. */
export function estimateReceived(texts: readonly string[]): number {
  const tokens = estimateTexts(texts)
  return tokens === 0 ? 0 : Math.ceil(tokens * 1.05) + 20
}

/**
 * Beyond it a character counts as the one byte that it is at least: to read a quarter of a billion of them holds everybody up,
 * and what was set aside for a text was set aside by its bytes.
 */
const mostRead = 2 ** 20

/** In UTF-8; never too many. */
function bytesOf(text: string): number {
  const read = Math.min(text.length, mostRead)
  let bytes = 0
  for (let i = 0; i < read; i++) {
    const code = text.charCodeAt(i)
    // A surrogate is half of a four-byte character.
    bytes += code < 0x80 ? 1 : code < 0x800 || (code >= 0xd800 && code <= 0xdfff) ? 2 : 3
  }
  return bytes + text.length - read
}

/** Input tokens of a request that was sent but never counted by the vendor. */
export function estimateInput(request: Pick<ProviderRequest, 'messages' | 'tools'>): number {
  return sum(request, estimateTokens)
}

/** The same from lengths alone, for a plan: it must cost next to nothing. */
export function roughInput(request: Pick<ProviderRequest, 'messages' | 'tools'>): number {
  return sum(request, roughTokens)
}

function roughTokens(text: string): number {
  return Math.ceil(text.length / 4)
}

function sum(request: Pick<ProviderRequest, 'messages' | 'tools'>, count: (text: string) => number): number {
  let tokens = 0
  for (const message of request.messages) tokens += tokensPerMessage + ofMessage(message, count)
  for (const tool of request.tools) {
    tokens += count(tool.name) + count(tool.description ?? '') + count(schemaText(tool.inputSchema))
  }
  return tokens
}

function ofMessage(message: ProviderMessage, count: (text: string) => number): number {
  let tokens = 0
  for (const part of message.content) {
    switch (part.type) {
      case 'text':
      case 'reasoning':
        tokens += count(part.text)
        break
      case 'file':
        tokens += tokensPerFile
        break
      case 'tool_call':
        tokens += count(part.name) + count(part.rawInput)
        break
      case 'tool_result':
        tokens += typeof part.output === 'string' ? count(part.output) : ofParts(part.output, count)
        break
      case 'provider':
        tokens += count(JSON.stringify(part.value))
        break
    }
  }
  return tokens
}

function ofParts(parts: readonly (TextPart | FilePart)[], count: (text: string) => number): number {
  let tokens = 0
  for (const part of parts) tokens += part.type === 'text' ? count(part.text) : tokensPerFile
  return tokens
}

const schemaTexts = new WeakMap<JSONSchema, string>()

function schemaText(schema: JSONSchema): string {
  let text = schemaTexts.get(schema)
  if (text === undefined) {
    text = JSON.stringify(schema)
    schemaTexts.set(schema, text)
  }
  return text
}
