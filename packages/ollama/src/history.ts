import { LLMError } from '@wayfare/core'
import type {
  AssistantPart,
  FilePart,
  ProviderMessage,
  TextPart,
  ToolResultPart,
  UserPart,
  Warning,
} from '@wayfare/core'
import { base64Of } from '@wayfare/provider-kit'
import type { HistoryRules } from '@wayfare/provider-kit'

/** How a conversation that began elsewhere is made fit for this server. Call ids are free. */
export const historyRules: HistoryRules = { vendor: 'ollama' }

export interface WireMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool'
  readonly content: string
  readonly [key: string]: unknown
}

export interface Conversation {
  readonly messages: readonly WireMessage[]
  readonly warnings: readonly Warning[]
}

/** The messages in the server's form. Throws `unsupported` for files other than images, and for images by URL. */
export function conversation(messages: readonly ProviderMessage[], provider: string): Conversation {
  const dropped = messages.some(
    ({ role, content }) => role === 'assistant' && content.some(({ type }) => type === 'file'),
  )
  return {
    messages: messages.flatMap((message) => wireMessages(message, provider)),
    warnings: dropped ? [fileDropped] : [],
  }
}

const fileDropped: Warning = {
  code: 'file_dropped',
  message: 'a file that a model made was left out of the history; this API takes images from users only',
}

function wireMessages(message: ProviderMessage, provider: string): readonly WireMessage[] {
  switch (message.role) {
    case 'system':
      return [{ role: 'system', content: textOf(message.content) }]
    case 'user':
      return [{ role: 'user', content: textOf(message.content), ...imagesOf(message.content, provider) }]
    case 'assistant':
      return [assistantMessage(message.content)]
    case 'tool':
      return message.content.map((part) => resultMessage(part, provider))
  }
}

function assistantMessage(content: readonly AssistantPart[]): WireMessage {
  const thinking = content.flatMap((part) => (part.type === 'reasoning' ? [part.text] : [])).join('')
  const calls = content.filter((part) => part.type === 'tool_call')
  return {
    role: 'assistant',
    content: textOf(content),
    ...(thinking !== '' && { thinking }),
    ...(calls.length > 0 && {
      tool_calls: calls.map((call, index) => ({
        id: call.id,
        function: { index, name: call.name, arguments: argumentsOf(call) },
      })),
    }),
  }
}

function argumentsOf({ input, rawInput }: { readonly input: unknown; readonly rawInput: string }): unknown {
  return typeof input === 'object' && input !== null && !Array.isArray(input) ? input : { unreadable: rawInput }
}

function resultMessage(part: ToolResultPart, provider: string): WireMessage {
  const pieces: readonly (TextPart | FilePart)[] =
    typeof part.output === 'string' ? [{ type: 'text', text: part.output }] : part.output
  const said = textOf(pieces)
  return {
    role: 'tool',
    content: part.isError === true ? `Error: ${said}` : said,
    tool_name: part.name,
    tool_call_id: part.id,
    ...imagesOf(pieces, provider),
  }
}

function textOf(content: readonly { readonly type: string; readonly text?: string }[]): string {
  return content.flatMap((part) => (part.type === 'text' && part.text !== undefined ? [part.text] : [])).join('\n')
}

function imagesOf(content: readonly UserPart[], provider: string): { readonly images?: readonly string[] } {
  const images = content.flatMap((part) => (part.type === 'file' ? [base64(part, provider)] : []))
  return images.length > 0 ? { images } : {}
}

function base64({ mediaType, data }: FilePart, provider: string): string {
  if (!mediaType.startsWith('image/'))
    throw new LLMError('unsupported', `${mediaType} cannot be sent to this API; it takes images`, { provider })
  if (data === undefined)
    throw new LLMError('unsupported', 'an image by URL cannot be sent to this API; pass its bytes as data', {
      provider,
    })
  return base64Of(data)
}
