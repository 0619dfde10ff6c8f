import type {
  AssistantPart,
  FilePart,
  ProviderMessage,
  TextPart,
  ToolResultPart,
  UserPart,
  Warning,
} from '@wayfare/core'
import { base64Of, isRecord, joinToolMessages } from '@wayfare/provider-kit'
import type { HistoryRules } from '@wayfare/provider-kit'
import { text } from './wire.ts'
import type { WireContent, WirePart } from './wire.ts'

/** How a conversation that began elsewhere is made fit for this vendor. Call ids are free. */
export const historyRules: HistoryRules = { vendor: 'google' }

/** Documented by the vendor for calls that another model made, whose signature nobody has. */
const noSignature = 'skip_thought_signature_validator'

export interface Conversation {
  readonly system: readonly WirePart[]
  readonly contents: readonly WireContent[]
  readonly warnings: readonly Warning[]
}

/**
 * The messages in the vendor's form: system apart, the results of one turn's calls together and in the order of the calls.
 * `signatures`: whether the model refuses calls without a thought signature.
 */
export function conversation(messages: readonly ProviderMessage[], signatures: boolean): Conversation {
  const system: WirePart[] = []
  const contents: { readonly role: 'user' | 'model'; readonly parts: WirePart[]; readonly from: string }[] = []
  const warnings = new Map<string, Warning>()
  let order: ReadonlyMap<string, number> = new Map()
  const vendorIds = new Map<string, string>()
  for (const message of joinToolMessages(messages)) {
    switch (message.role) {
      case 'system':
        if (contents.length > 0) warnings.set(moved.code, moved)
        system.push(...message.content.flatMap((part) => (part.text === '' ? [] : [{ text: part.text }])))
        break
      case 'user':
        append('user', 'user', message.content.flatMap(userPart))
        break
      case 'assistant': {
        const calls = message.content.filter((part) => part.type === 'tool_call')
        order = new Map(calls.map(({ id }, place) => [id, place]))
        for (const call of calls) {
          const id = text(ours(call)['id'])
          if (id !== undefined) vendorIds.set(call.id, id)
        }
        const parts = message.content.flatMap(modelPart)
        const first = parts.find((part) => 'functionCall' in part)
        if (signatures && first !== undefined && first['thoughtSignature'] === undefined) {
          parts[parts.indexOf(first)] = { ...first, thoughtSignature: noSignature }
          warnings.set(unsigned.code, unsigned)
        }
        append('model', 'assistant', parts)
        break
      }
      case 'tool':
        append(
          'user',
          'tool',
          inOrder(message.content, order).flatMap((part) => resultParts(part, vendorIds)),
        )
    }
  }
  return {
    system,
    contents: contents.map(({ role, parts }) => ({ role, parts: resultsFirst(parts) })),
    warnings: [...warnings.values()],
  }

  function append(role: 'user' | 'model', from: string, parts: readonly WirePart[]): void {
    const last = contents.at(-1)
    if (last?.from === from) last.parts.push(...parts)
    else if (parts.length > 0) contents.push({ role, parts: [...parts], from })
  }
}

const moved: Warning = {
  code: 'system_moved',
  message: 'a system message inside the conversation was moved to its start; this API has one place for them',
}

const unsigned: Warning = {
  code: 'thought_signature_missing',
  message: 'a function call of the history has no thought signature; it was sent with the stand-in for that case',
}

function userPart(part: UserPart): readonly WirePart[] {
  if (part.type === 'file') return [filePart(part)]
  return part.text === '' ? [] : [{ text: part.text }]
}

function modelPart(part: AssistantPart): readonly WirePart[] {
  const signature = text(ours(part)['thoughtSignature'])
  const signed = signature === undefined ? {} : { thoughtSignature: signature }
  switch (part.type) {
    case 'text':
      return part.text === '' && signature === undefined ? [] : [{ text: part.text, ...signed }]
    case 'reasoning':
      return signature === undefined ? [] : [{ text: part.text, thought: true, ...signed }]
    case 'tool_call': {
      const id = text(ours(part)['id'])
      const args = isRecord(part.input) ? part.input : { unreadable: part.rawInput }
      return [{ functionCall: { ...(id !== undefined && { id }), name: part.name, args }, ...signed }]
    }
    case 'file':
      return [{ ...filePart(part), ...signed }]
    case 'provider':
      return isRecord(part.value) ? [part.value] : []
  }
}

/** The response must be an object. Files of a result stand beside it, where every model reads them. */
function resultParts(part: ToolResultPart, vendorIds: ReadonlyMap<string, string>): readonly WirePart[] {
  const pieces: readonly (TextPart | FilePart)[] =
    typeof part.output === 'string' ? [{ type: 'text', text: part.output }] : part.output
  const said = pieces.flatMap((piece) => (piece.type === 'text' ? [piece.text] : [])).join('\n')
  const id = vendorIds.get(part.id)
  const response = part.isError === true ? { error: said } : { output: said }
  return [
    { functionResponse: { ...(id !== undefined && { id }), name: part.name, response } },
    ...pieces.flatMap((piece) => (piece.type === 'file' ? [filePart(piece)] : [])),
  ]
}

function filePart(part: FilePart): WirePart {
  if (part.data === undefined) return { fileData: { mimeType: part.mediaType, fileUri: String(part.url) } }
  return { inlineData: { mimeType: part.mediaType, data: base64Of(part.data) } }
}

function inOrder(results: readonly ToolResultPart[], order: ReadonlyMap<string, number>): readonly ToolResultPart[] {
  const place = (part: ToolResultPart): number => order.get(part.id) ?? order.size
  return [...results].sort((a, b) => place(a) - place(b))
}

function resultsFirst(parts: readonly WirePart[]): readonly WirePart[] {
  const isResult = (part: WirePart): boolean => 'functionResponse' in part
  return [...parts.filter(isResult), ...parts.filter((part) => !isResult(part))]
}

function ours(part: { readonly providerMetadata?: { readonly [vendor: string]: unknown } | undefined }): {
  readonly [key: string]: unknown
} {
  const facts = part.providerMetadata?.['google']
  return isRecord(facts) ? facts : {}
}
