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
import { base64Of, isRecord } from '@wayfare/provider-kit'
import type { HistoryRules } from '@wayfare/provider-kit'
import type { WireBlock, WireMessage } from './wire.ts'

/** How a conversation that began elsewhere is made fit for this vendor. */
export const historyRules: HistoryRules = {
  vendor: 'anthropic',
  toolCallId: {
    valid: /^[a-zA-Z0-9_-]{1,128}$/,
    make: (id, index) => `toolu_${index}_${id.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, 96)}`,
  },
}

/** The API takes no more places where a cached prefix ends. */
const maxBreakpoints = 4

export interface Conversation {
  readonly system: readonly WireBlock[]
  readonly messages: readonly WireMessage[]
  readonly warnings: readonly Warning[]
}

/** The messages in the vendor's form: system apart, tool results as user content, neighbours of one role joined. */
export function conversation(messages: readonly ProviderMessage[], provider: string): Conversation {
  const warnings: Warning[] = []
  const system: WireBlock[] = []
  const turns: { readonly role: 'user' | 'assistant'; readonly content: WireBlock[] }[] = []
  for (const message of messages) {
    if (message.role === 'system') {
      if (turns.length > 0) warnings.push(moved)
      system.push(...message.content.flatMap((part) => textBlock(part)))
      continue
    }
    const role = message.role === 'assistant' ? 'assistant' : 'user'
    if (role === 'assistant' && message.content.some((part) => part.type === 'file')) warnings.push(fileDropped)
    if (role === 'assistant' && turns.length === 0) turns.push({ role: 'user', content: [opening] })
    const blocks = blocksOf(message, provider)
    const last = turns.at(-1)
    if (last?.role === role) last.content.push(...blocks)
    else if (blocks.length > 0) turns.push({ role, content: blocks })
  }
  const sent = turns.map(({ role, content }) => ({ role, content: role === 'user' ? resultsFirst(content) : content }))
  trimEnd(sent.at(-1))
  if (limitBreakpoints([...system, ...sent.flatMap(({ content }) => content)])) warnings.push(tooManyBreakpoints)
  return { system, messages: sent, warnings }
}

/** Whether the conversation ends with results of calls that a model made without thinking first. */
export function answersUnthought(messages: readonly WireMessage[]): boolean {
  const [turn, answer] = messages.slice(-2)
  if (turn?.role !== 'assistant' || answer?.content.some(({ type }) => type === 'tool_result') !== true) return false
  return !['thinking', 'redacted_thinking'].includes(turn.content[0]?.type ?? '')
}

const moved: Warning = {
  code: 'system_moved',
  message: 'a system message inside the conversation was moved to its start; this API has one place for them',
}

const fileDropped: Warning = {
  code: 'file_dropped',
  message: 'a file that a model made was left out of the history; this API takes files from users only',
}

/** A conversation has to begin with the user. */
const opening: WireBlock = { type: 'text', text: '(the beginning of the conversation is missing)' }

const tooManyBreakpoints: Warning = {
  code: 'cache_dropped',
  message: `only the last ${maxBreakpoints} cache marks were sent; this API takes no more`,
}

function blocksOf(message: Exclude<ProviderMessage, { role: 'system' }>, provider: string): WireBlock[] {
  switch (message.role) {
    case 'user':
      return message.content.flatMap((part) => userBlock(part, provider))
    case 'assistant':
      return message.content.flatMap(assistantBlock)
    case 'tool':
      return message.content.map((part) => resultBlock(part, provider))
  }
}

/** Empty text is refused by the API, and says nothing. */
function textBlock(part: TextPart): WireBlock[] {
  if (part.text.trim() === '') return []
  const { citations } = ours(part)
  return [{ type: 'text', text: part.text, ...(Array.isArray(citations) && { citations }), ...cached(part) }]
}

function userBlock(part: UserPart, provider: string): WireBlock[] {
  return part.type === 'text' ? textBlock(part) : [fileBlock(part, provider)]
}

function assistantBlock(part: AssistantPart): WireBlock[] {
  switch (part.type) {
    case 'text':
      return textBlock(part)
    case 'reasoning': {
      const { signature } = ours(part)
      return typeof signature === 'string' ? [{ type: 'thinking', thinking: part.text, signature }] : []
    }
    case 'tool_call': {
      const { caller } = ours(part)
      const input = isRecord(part.input) ? part.input : { unreadable: part.rawInput }
      const block = { type: 'tool_use', id: part.id, name: part.name, input }
      return [{ ...block, ...(isRecord(caller) && { caller }), ...cached(part) }]
    }
    case 'file':
      // Only users send files here; the caller is warned.
      return []
    case 'provider':
      return isRecord(part.value) ? [{ ...part.value, type: part.kind, ...cached(part) }] : []
  }
}

function resultBlock(part: ToolResultPart, provider: string): WireBlock {
  const content =
    typeof part.output === 'string' ? part.output : part.output.flatMap((piece) => userBlock(piece, provider))
  return {
    type: 'tool_result',
    tool_use_id: part.id,
    content,
    ...(part.isError === true && { is_error: true }),
    ...cached(part),
  }
}

function fileBlock(part: FilePart, provider: string): WireBlock {
  const image = part.mediaType.startsWith('image/')
  const pdf = part.mediaType === 'application/pdf'
  if (!image && !pdf && part.mediaType !== 'text/plain')
    throw new LLMError(
      'unsupported',
      `${part.mediaType} cannot be sent to this API; it takes images, PDF and plain text`,
      { provider },
    )
  const source =
    part.data === undefined ? { type: 'url', url: String(part.url) } : dataSource(part.mediaType, part.data)
  const title = !image && part.filename !== undefined ? { title: part.filename } : {}
  return { type: image ? 'image' : 'document', source, ...title, ...cached(part) }
}

function dataSource(mediaType: string, data: Uint8Array | string): WireBlock {
  const base64 = base64Of(data)
  if (mediaType !== 'text/plain') return { type: 'base64', media_type: mediaType, data: base64 }
  return { type: 'text', media_type: mediaType, data: Buffer.from(base64, 'base64').toString('utf8') }
}

function cached(part: { readonly cache?: boolean | { readonly ttl: string } | undefined }): object {
  if (part.cache === undefined || part.cache === false) return {}
  const ttl = part.cache === true ? {} : { ttl: part.cache.ttl }
  return { cache_control: { type: 'ephemeral', ...ttl } }
}

function ours(part: { readonly providerMetadata?: { readonly [vendor: string]: unknown } | undefined }): {
  readonly [key: string]: unknown
} {
  const facts = part.providerMetadata?.['anthropic']
  return isRecord(facts) ? facts : {}
}

/** The API wants the answers to a turn's calls before anything else that the user says. */
function resultsFirst(content: readonly WireBlock[]): readonly WireBlock[] {
  const isResult = (block: WireBlock): boolean => block.type === 'tool_result'
  return [...content.filter(isResult), ...content.filter((block) => !isResult(block))]
}

/** A message that the model goes on with may not end in white space. */
function trimEnd(last: { readonly role: string; readonly content: readonly WireBlock[] } | undefined): void {
  const block = last?.role === 'assistant' ? last.content.at(-1) : undefined
  if (block?.type === 'text') Object.assign(block, { text: String(block['text']).trimEnd() })
}

/** Takes the earliest marks away until the rest is allowed; whether any had to go. */
function limitBreakpoints(blocks: readonly WireBlock[]): boolean {
  const marked = blocks.filter((block) => 'cache_control' in block)
  const surplus = marked.slice(0, Math.max(0, marked.length - maxBreakpoints))
  for (const block of surplus) Reflect.deleteProperty(block, 'cache_control')
  return surplus.length > 0
}
