import type { AssistantPart, JSONValue } from '@wayfare/core'
import { isRecord, parseJSON } from '@wayfare/provider-kit'
import { text } from './wire.ts'
import type { WireBlock } from './wire.ts'

/** What a block becomes. */
export type Kind = 'text' | 'reasoning' | 'tool' | 'provider'

/** A content block while it is being written. */
export interface Block {
  readonly kind: Kind
  readonly start: WireBlock
  /** Its place among the tool calls, for the progress that they show. */
  readonly toolIndex: number
  /** Text, thought or JSON, as far as it has come. */
  written: string
  /** The pieces of it that are still to be shown. */
  hidden: string[] | undefined
  shown: boolean
  signature: string | undefined
  readonly citations: JSONValue[]
  stopped: boolean
}

/** The part that a whole block is; `undefined` for one that says nothing. `id`: of the tool call, if it is one. */
export function partOf(block: Block, id: () => string): AssistantPart | undefined {
  const whole = block.written
  switch (block.kind) {
    case 'text': {
      if (whole === '') return undefined
      const { citations } = block
      return { type: 'text', text: whole, ...(citations.length > 0 && metadata({ citations })) }
    }
    case 'reasoning': {
      const { signature } = block
      if (whole === '' && signature === undefined) return undefined
      return { type: 'reasoning', text: whole, ...metadata(signature === undefined ? {} : { signature }) }
    }
    case 'tool':
      return toolCall(block, id())
    case 'provider':
      return {
        type: 'provider',
        vendor: 'anthropic',
        kind: block.start.type,
        value: providerValue(block.start, whole),
      }
  }
}

function toolCall(block: Block, id: string): AssistantPart {
  const raw = rawInput(block)
  const value = raw === '' ? { input: {} } : parsed(raw)
  const { caller } = block.start
  return {
    type: 'tool_call',
    id,
    name: text(block.start['name']) ?? '',
    input: value?.input ?? {},
    rawInput: raw === '' ? '{}' : raw,
    ...(value === undefined && { invalid: true as const }),
    ...(isRecord(caller) && metadata({ caller: caller as JSONValue })), // parsed from JSON
  }
}

/** The input as it was written; whole inside the start where a server does not stream it. */
export function rawInput(block: Block): string {
  if (block.written !== '') return block.written
  const { input } = block.start
  return isRecord(input) && Object.keys(input).length > 0 ? JSON.stringify(input) : ''
}

export function parsed(raw: string): { readonly input: unknown } | undefined {
  try {
    return { input: parseJSON(raw) }
  } catch {
    return undefined
  }
}

/** The block as it must be sent back: what was streamed into it is put where it belongs. */
function providerValue(start: WireBlock, streamed: string): JSONValue {
  const whole: Record<string, unknown> = { ...start }
  if (streamed !== '' && start.type === 'compaction') whole['content'] = streamed
  else if (streamed !== '') whole['input'] = parsed(streamed)?.input ?? {}
  return whole as JSONValue // parsed from JSON
}

function metadata(facts: { readonly [key: string]: JSONValue }): {
  readonly providerMetadata: { readonly anthropic: JSONValue }
} {
  return { providerMetadata: { anthropic: facts } }
}
