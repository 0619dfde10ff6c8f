import type {
  AssistantPart,
  FilePart,
  JSONValue,
  ProviderMessage,
  ReasoningPart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
} from '@wayfare/core'
import { isRecord, joinToolMessages } from '@wayfare/provider-kit'
import type { Dialect, KeptReasoning } from './dialect.ts'
import { filePart } from './files.ts'

export type ChatMessage = { readonly role: string } & { readonly [field: string]: unknown }

type MessageRules = Pick<Dialect, 'vendor' | 'fileURLs' | 'cacheControl' | 'replayReasoning'>

/** A history in the form of chat completions. Files in tool results follow in a user message, after all results. */
export function chatMessages(
  messages: readonly ProviderMessage[],
  rules: MessageRules,
  systemRole: 'system' | 'developer',
): ChatMessage[] {
  return joinToolMessages(messages).flatMap((message): ChatMessage[] => {
    if (message.role === 'system') return [{ role: systemRole, content: content(message.content, rules) }]
    if (message.role === 'user') return [{ role: 'user', content: content(message.content, rules) }]
    if (message.role === 'assistant') return [assistant(message.content, rules)]
    return results(message.content, rules)
  })
}

function content(parts: readonly (TextPart | FilePart)[], rules: MessageRules): unknown {
  const [only] = parts
  if (only === undefined) return ''
  if (parts.length === 1 && only.type === 'text' && !(rules.cacheControl && only.cache)) return only.text
  return parts.map((part) => ({
    ...(part.type === 'text'
      ? { type: 'text', text: part.text }
      : filePart(part, { vendor: rules.vendor, fileURLs: rules.fileURLs ?? false })),
    ...(rules.cacheControl && cacheControl(part.cache)),
  }))
}

function cacheControl(cache: TextPart['cache']): { cache_control?: object } {
  if (!cache) return {}
  return { cache_control: { type: 'ephemeral', ...(cache !== true && { ttl: cache.ttl }) } }
}

function assistant(parts: readonly AssistantPart[], rules: MessageRules): ChatMessage {
  const reasoning = parts.flatMap((part) => (part.type === 'reasoning' ? [kept(part, rules.vendor)] : []))
  const calls = parts.filter((part) => part.type === 'tool_call')
  const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join('')
  return {
    role: 'assistant',
    content: text === '' && calls.length > 0 ? null : text,
    ...(reasoning.length > 0 && (rules.replayReasoning ?? replay)(reasoning, text)),
    ...(calls.length > 0 && { tool_calls: calls.map(toolCall) }),
  }
}

function toolCall({ id, name, rawInput, invalid }: ToolCallPart): object {
  // Servers parse the arguments of their own history: what was not JSON must not come back.
  const known = invalid || rawInput.trim() === '' ? '{}' : rawInput
  return { id, type: 'function', function: { name, arguments: known } }
}

function kept(part: ReasoningPart, vendor: string): KeptReasoning {
  const mine: JSONValue | undefined = part.providerMetadata?.[vendor]
  const facts: Readonly<Record<string, unknown>> = isRecord(mine) ? mine : {}
  const field = typeof facts['field'] === 'string' ? facts['field'] : 'reasoning_content'
  return { text: part.text, field, kept: facts['kept'] as JSONValue | undefined } // it was JSON when it was stored
}

/** Back into the field it came from. */
function replay(reasoning: readonly KeptReasoning[]): Record<string, unknown> {
  const field = reasoning[0]?.field ?? 'reasoning_content'
  const text = reasoning.map((one) => one.text).join('')
  return field === 'content' ? {} : { [field]: text }
}

function results(parts: readonly ToolResultPart[], rules: MessageRules): ChatMessage[] {
  const files: FilePart[] = []
  const messages = parts.map((part): ChatMessage => {
    const { output } = part
    if (typeof output === 'string') return { role: 'tool', tool_call_id: part.id, content: output }
    const texts = output.flatMap((one) => (one.type === 'text' ? [one.text] : []))
    const own = output.filter((one) => one.type === 'file')
    if (own.length > 0) texts.push(`(${own.length} file(s) of this result follow in the next message)`)
    files.push(...own)
    return { role: 'tool', tool_call_id: part.id, content: texts.join('\n') }
  })
  return files.length === 0 ? messages : [...messages, { role: 'user', content: content(files, rules) }]
}
