import {
  LLMError,
  type AssistantPart,
  type FilePart,
  type Message,
  type ProviderMessage,
  type ToolResultPart,
  type UserPart,
} from '@wayfare/core'
import { isRecord, parseJSON } from '@wayfare/provider-kit'
import { chatMessages, type ChatMessage } from './messages.ts'
import { records, text, type Wire } from './wire.ts'

/** A message of chat completions, as any client types it. */
export interface OpenAIMessage {
  readonly role: string
  readonly content?: unknown
  readonly name?: unknown
  readonly tool_calls?: unknown
  readonly tool_call_id?: unknown
  readonly refusal?: unknown
  readonly reasoning_content?: unknown
}

/** A history in OpenAI's form as Wayfare's messages. Throws `config` for a role that is none. */
export function fromOpenAIMessages(messages: readonly OpenAIMessage[]): Message[] {
  const names = new Map<string, string>()
  const out: Message[] = []
  for (const message of messages) {
    if (message.role === 'system' || message.role === 'developer') {
      out.push({ role: 'system', content: plain(message.content) })
    } else if (message.role === 'user') {
      const { content } = message
      out.push({ role: 'user', content: typeof content === 'string' ? content : records(content).flatMap(userPart) })
    } else if (message.role === 'assistant') {
      const content = assistantParts(message)
      for (const part of content) if (part.type === 'tool_call') names.set(part.id, part.name)
      out.push({ role: 'assistant', content })
    } else if (message.role === 'tool') addResult(out, message, names)
    else {
      throw new LLMError(
        'config',
        `a message has the role "${message.role}"; use system, developer, user, assistant or tool`,
      )
    }
  }
  return out
}

/** Wayfare's messages in OpenAI's form. Reasoning and blocks of single vendors have no place there and are left out. */
export function toOpenAIMessages(messages: readonly Message[]): ChatMessage[] {
  const parts = messages.map((message) =>
    typeof message.content === 'string' ? { ...message, content: [{ type: 'text', text: message.content }] } : message,
  ) as ProviderMessage[] // a string is one text part, in every role that may have one
  return chatMessages(parts, { vendor: 'openai', fileURLs: true, replayReasoning: () => ({}) }, 'system')
}

function userPart(part: Wire): UserPart[] {
  const { type } = part
  if (type === 'text') return [{ type: 'text', text: text(part['text']) ?? '' }]
  if (type === 'image_url') {
    const image = part['image_url']
    const url = isRecord(image) ? text(image['url']) : text(image)
    return url === undefined ? [] : [fileFrom(url, guessImage(url))]
  }
  if (type === 'input_audio' && isRecord(part['input_audio'])) {
    const { data, format } = part['input_audio']
    return [{ type: 'file', mediaType: format === 'mp3' ? 'audio/mpeg' : 'audio/wav', data: text(data) ?? '' }]
  }
  if (type === 'file' && isRecord(part['file'])) {
    const { file_data: data, filename } = part['file']
    if (typeof data !== 'string') return []
    return [{ ...fileFrom(data, 'application/pdf'), ...(typeof filename === 'string' && { filename }) }]
  }
  return []
}

function assistantParts(message: OpenAIMessage): AssistantPart[] {
  const reasoning = text(message.reasoning_content)
  const said = plain(message.content) + (text(message.refusal) ?? '')
  return [
    ...(reasoning === undefined ? [] : [{ type: 'reasoning' as const, text: reasoning }]),
    ...(said === '' ? [] : [{ type: 'text' as const, text: said }]),
    ...records(message.tool_calls).map(toolCallPart),
  ]
}

function toolCallPart(call: Wire): AssistantPart {
  const made = isRecord(call['function']) ? call['function'] : {}
  const rawInput = text(made['arguments']) ?? '{}'
  const base = { type: 'tool_call' as const, id: text(call['id']) ?? '', name: text(made['name']) ?? '', rawInput }
  try {
    return { ...base, input: parseJSON(rawInput) }
  } catch {
    return { ...base, input: {}, invalid: true }
  }
}

/** Results that follow each other are one message here. */
function addResult(out: Message[], message: OpenAIMessage, names: ReadonlyMap<string, string>): void {
  const id = text(message.tool_call_id) ?? ''
  const name = names.get(id) ?? text(message.name) ?? ''
  const result: ToolResultPart = { type: 'tool_result', id, name, output: plain(message.content) }
  const last = out.at(-1)
  if (last?.role === 'tool') out[out.length - 1] = { role: 'tool', content: [...last.content, result] }
  else out.push({ role: 'tool', content: [result] })
}

function plain(content: unknown): string {
  if (typeof content === 'string') return content
  return records(content)
    .map((part) => text(part['text']) ?? text(part['refusal']) ?? '')
    .join('')
}

function fileFrom(address: string, mediaType: string): FilePart {
  const [, type, data] = /^data:([^;,]+);base64,(.*)$/s.exec(address) ?? []
  if (type !== undefined && data !== undefined) return { type: 'file', mediaType: type, data }
  return { type: 'file', mediaType, url: address }
}

function guessImage(url: string): string {
  const kind = /\.(png|gif|webp)\b/i.exec(url)?.[1]?.toLowerCase()
  return kind === undefined ? 'image/jpeg' : `image/${kind}`
}
