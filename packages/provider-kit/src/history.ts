import type { AssistantPart, ProviderMessage, Warning } from '@wayfare/core'
import { ToolCallIds } from './tool-call-ids.ts'

export interface HistoryRules {
  /** Whose metadata, reasoning and blocks may stay. */
  readonly vendor: string
  /** Which ids the vendor accepts, and how to make one from an id that it does not. */
  readonly toolCallId?: { readonly valid: RegExp; readonly make: (id: string, index: number) => string } | undefined
}

/**
 * A history that any vendor may have begun, as one vendor accepts it: without the reasoning and blocks of others, without their
 * metadata, with tool-call ids that it takes, each used once, the same in calls and results. What is untouched stays the same
 * object.
 */
export function portable(
  messages: readonly ProviderMessage[],
  rules: HistoryRules,
): { messages: readonly ProviderMessage[]; warnings: readonly Warning[] } {
  const { vendor } = rules
  const warnings = new Map<string, Warning>()
  const ids = new ToolCallIds(rules.toolCallId)
  const kept: ProviderMessage[] = []
  let before = ''
  for (const message of messages) {
    if (before !== 'assistant') ids.nextTurn()
    before = message.role
    if (message.role === 'assistant') {
      const content = message.content.filter((part) => !isForeign(part, vendor, warnings))
      if (content.length === 0 && message.content.length > 0) continue
      kept.push({ ...message, content: content.map((part) => ids.rename(own(part, vendor))) })
    } else if (message.role === 'tool') {
      kept.push({ ...message, content: message.content.map((part) => ids.rename(own(part, vendor))) })
    } else if (message.content.every(isBare)) kept.push(message)
    else if (message.role === 'user') {
      kept.push({ ...message, content: message.content.map((part) => own(part, vendor)) })
    } else kept.push({ ...message, content: message.content.map((part) => own(part, vendor)) })
  }
  return { messages: kept, warnings: [...warnings.values()] }
}

function isBare({ providerMetadata }: { readonly providerMetadata?: unknown }): boolean {
  return providerMetadata === undefined
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
