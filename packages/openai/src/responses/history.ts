import type {
  AssistantPart,
  FilePart,
  ProviderMessage,
  ReasoningPart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
  Warning,
} from '@wayfare/core'
import { isRecord, parseJSON, type HistoryRules } from '@wayfare/provider-kit'
import { inputFile } from './files.ts'
import { keptOf, type Kept } from './parts.ts'
import type { Wire, WireItem } from './wire.ts'

/** How a conversation that began elsewhere is made fit for this vendor. */
export const historyRules: HistoryRules = {
  vendor: 'openai',
  toolCallId: {
    valid: /^[\w-]{1,64}$/,
    make: (id, index) => `call_${index}_${id.replace(/[^\w-]/g, '_').slice(0, 48)}`,
  },
}

export interface InputRules {
  /** The name for errors. */
  readonly provider: string
  readonly systemRole: 'system' | 'developer'
  /** Whether the vendor keeps the items of its answers, so that an id is enough to find one. */
  readonly stored: boolean
}

export interface Input {
  readonly items: readonly WireItem[]
  readonly warnings: readonly Warning[]
}

/** The messages as items, those that the vendor made just as it made them. Throws `unsupported` for audio and video. */
export function inputItems(messages: readonly ProviderMessage[], rules: InputRules): Input {
  const items: WireItem[] = []
  const warnings = new Set<Warning>()
  /** Calls whose input is text of any form, by their ids: their results are items of another type. */
  const custom = new Set<string>()
  for (const message of messages) {
    if (message.role === 'system' || message.role === 'user') {
      const role = message.role === 'system' ? rules.systemRole : message.role
      const content = message.content.flatMap((part) => inputPart(part, rules))
      if (content.length > 0) items.push({ type: 'message', role, content })
    } else if (message.role === 'assistant') {
      for (const part of message.content) if (part.type === 'tool_call' && keptOf(part)?.custom) custom.add(part.id)
      items.push(...outputItems(message.content, rules, warnings))
    } else items.push(...message.content.map((part) => resultItem(part, custom, rules)))
  }
  return { items, warnings: [...warnings] }
}

function inputPart(part: TextPart | FilePart, { provider }: InputRules): WireItem[] {
  if (part.type === 'file') return [inputFile(part, provider)]
  return part.text === '' ? [] : [{ type: 'input_text', text: part.text }]
}

function resultItem({ id, output }: ToolResultPart, custom: ReadonlySet<string>, rules: InputRules): WireItem {
  return {
    type: custom.has(id) ? 'custom_tool_call_output' : 'function_call_output',
    call_id: id,
    output: typeof output === 'string' ? output : output.flatMap((part) => inputPart(part, rules)),
  }
}

/** One turn of a model: parts of one item become that item again. */
function outputItems(content: readonly AssistantPart[], rules: InputRules, warnings: Set<Warning>): WireItem[] {
  const items: WireItem[] = []
  let last: string | undefined
  // The vendor knows which of its items belong to a thought by their ids, and asks for the thought.
  let orphaned = false
  for (const part of content) {
    if (part.type === 'reasoning' && !isReadable(content, part, rules)) {
      orphaned = true
      warnings.add(reasoningDropped)
      continue
    }
    const id = idOf(part)
    const open = items.at(-1)
    if (id !== undefined && id === last && open !== undefined && add(part, open)) continue
    last = id
    const made = itemOf(part)
    if (made === undefined) {
      if (part.type === 'file') warnings.add(fileDropped)
    } else if (!orphaned || made['id'] === undefined) items.push(made)
    else if (nameless.has(made.type)) items.push(anonymous(made))
    else warnings.add(itemDropped)
  }
  return withoutIdleThoughts(items, warnings)
}

/** Whether the vendor can read a thought: it kept it, or the thought has its encrypted form with it. */
function isReadable(content: readonly AssistantPart[], part: ReasoningPart, { stored }: InputRules): boolean {
  const id = idOf(part)
  if (id === undefined) return keptOf(part)?.item['encrypted_content'] !== undefined
  // The last part of an item holds what belongs to the whole of it.
  return stored || content.some((one) => idOf(one) === id && keptOf(one)?.item['encrypted_content'] !== undefined)
}

function idOf(part: AssistantPart): string | undefined {
  const id = keptOf(part)?.item['id']
  return typeof id === 'string' ? id : undefined
}

function itemOf(part: AssistantPart): WireItem | undefined {
  const kept = keptOf(part)
  switch (part.type) {
    case 'text':
      if (part.text === '') return undefined
      return { type: 'message', ...kept?.item, role: 'assistant', content: [outputText(part, kept)] }
    case 'reasoning':
      return { type: 'reasoning', ...kept?.item, summary: [], ...thought(part, kept, {}) }
    case 'tool_call':
      return callItem(part, kept)
    case 'file':
      return kept === undefined || part.data === undefined
        ? undefined
        : { type: 'image_generation_call', ...kept.item, result: part.data }
    case 'provider':
      return isRecord(part.value) ? { ...part.value, type: part.kind } : undefined
  }
}

/** Adds a part to the item that the part before it belongs to; whether it can. */
function add(part: AssistantPart, item: WireItem): boolean {
  const kept = keptOf(part)
  if (part.type === 'text' && item.type === 'message' && Array.isArray(item['content'])) {
    Object.assign(item, kept?.item, { content: [...(item['content'] as unknown[]), outputText(part, kept)] })
    return true
  }
  if (part.type !== 'reasoning' || item.type !== 'reasoning') return false
  Object.assign(item, kept?.item, thought(part, kept, item))
  return true
}

function outputText(part: TextPart, kept: Kept | undefined): Wire {
  if (kept?.kind === 'refusal') return { type: 'refusal', refusal: part.text }
  return { type: 'output_text', text: part.text, annotations: [], ...kept?.facts }
}

function thought(part: ReasoningPart, kept: Kept | undefined, item: Wire): Wire {
  if (part.text === '') return {}
  const own = kept?.kind === 'thought'
  const field = own ? 'content' : 'summary'
  const before: readonly unknown[] = Array.isArray(item[field]) ? item[field] : []
  return { [field]: [...before, { type: own ? 'reasoning_text' : 'summary_text', text: part.text }] }
}

function callItem({ id, name, rawInput }: ToolCallPart, kept: Kept | undefined): WireItem {
  if (kept?.custom) return { type: 'custom_tool_call', ...kept.item, call_id: id, name, input: rawInput }
  // What another model wrote may be no JSON; what this one wrote goes back as it was, unless it was lost.
  const known = rawInput === '' || (kept === undefined && !isJSON(rawInput)) ? '{}' : rawInput
  return { type: 'function_call', ...kept?.item, call_id: id, name, arguments: known }
}

function isJSON(text: string): boolean {
  try {
    parseJSON(text)
    return true
  } catch {
    return false
  }
}

/** Items that the vendor takes without an id, too. It takes no search, image, run of code and the like without. */
const nameless: ReadonlySet<string> = new Set([
  'message',
  'reasoning',
  'function_call',
  'custom_tool_call',
  'shell_call',
  'apply_patch_call',
  'compaction',
])

function anonymous(item: WireItem): WireItem {
  const { id: _, ...rest } = item
  return rest as WireItem // all but the id
}

/** A thought that nothing came of, such as one that a limit cut short, is refused. */
function withoutIdleThoughts(items: readonly WireItem[], warnings: Set<Warning>): WireItem[] {
  const end = items.findLastIndex(({ type }) => type !== 'reasoning') + 1
  if (end < items.length) warnings.add(idleDropped)
  return items.slice(0, end)
}

const reasoningDropped: Warning = {
  code: 'reasoning_dropped',
  message: 'reasoning without its encrypted form was left out: openai does not keep it, and could not find it again',
}

const itemDropped: Warning = {
  code: 'block_dropped',
  message:
    "what came of reasoning that was left out, such as a search or an image, was left out with it: openai's rule",
}

const idleDropped: Warning = {
  code: 'reasoning_dropped',
  message: 'reasoning at the end of a turn that brought nothing else was left out: openai refuses it',
}

const fileDropped: Warning = {
  code: 'file_dropped',
  message: 'a file that another model made was left out of the history; this API takes files from users only',
}
