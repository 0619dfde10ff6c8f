import type { AssistantPart, ProviderMessage, Warning } from '@wayfare/core'

export interface HistoryRules {
  /** Whose metadata, reasoning and blocks may stay. */
  readonly vendor: string
  /** Which ids the vendor accepts, and how to make one from an id that it does not. */
  readonly toolCallId?: { readonly valid: RegExp; readonly make: (id: string, index: number) => string } | undefined
}

/**
 * A history that any vendor may have begun, as one vendor accepts it: without the reasoning and blocks of others, without their
 * metadata, with tool-call ids that it takes, the same in calls and results. Untouched parts are the same objects.
 */
export function portable(
  messages: readonly ProviderMessage[],
  rules: HistoryRules,
): { messages: readonly ProviderMessage[]; warnings: readonly Warning[] } {
  const warnings = new Map<string, Warning>()
  const rename = renamer(rules)
  const kept = messages.flatMap((message): ProviderMessage[] => {
    if (message.role === 'assistant') {
      const content = message.content.filter((part) => !isForeign(part, rules.vendor, warnings))
      if (content.length === 0 && message.content.length > 0) return []
      return [{ ...message, content: content.map((part) => rename(own(part, rules.vendor))) }]
    }
    if (message.role === 'tool') {
      return [{ ...message, content: message.content.map((part) => rename(own(part, rules.vendor))) }]
    }
    if (message.role === 'user') {
      return [{ ...message, content: message.content.map((part) => own(part, rules.vendor)) }]
    }
    return [{ ...message, content: message.content.map((part) => own(part, rules.vendor)) }]
  })
  return { messages: kept, warnings: [...warnings.values()] }
}

function isForeign(part: AssistantPart, vendor: string, warnings: Map<string, Warning>): boolean {
  if (part.type === 'reasoning' && part.providerMetadata?.[vendor] === undefined) {
    warnings.set('reasoning', {
      code: 'reasoning_dropped',
      message: `reasoning of another vendor was left out: ${vendor} cannot read it`,
    })
    return true
  }
  if (part.type === 'provider' && part.vendor !== vendor) {
    warnings.set('provider', {
      code: 'block_dropped',
      message: `blocks that only another vendor understands were left out for ${vendor}`,
    })
    return true
  }
  return false
}

function own<P extends { readonly providerMetadata?: AssistantPart['providerMetadata'] }>(part: P, vendor: string): P {
  const { providerMetadata } = part
  if (providerMetadata === undefined) return part
  const mine = providerMetadata[vendor]
  if (mine !== undefined && Object.keys(providerMetadata).length === 1) return part
  const { providerMetadata: _, ...rest } = part
  return (mine === undefined ? rest : { ...rest, providerMetadata: { [vendor]: mine } }) as P // the same part, fewer metadata
}

function renamer({ toolCallId }: HistoryRules): <P extends { readonly type: string }>(part: P) => P {
  const made = new Map<string, string>()
  return (part) => {
    if (toolCallId === undefined || !hasId(part) || toolCallId.valid.test(part.id)) return part
    let id = made.get(part.id)
    if (id === undefined) made.set(part.id, (id = toolCallId.make(part.id, made.size)))
    return { ...part, id }
  }
}

function hasId<P extends { readonly type: string }>(part: P): part is P & { readonly id: string } {
  return part.type === 'tool_call' || part.type === 'tool_result'
}
