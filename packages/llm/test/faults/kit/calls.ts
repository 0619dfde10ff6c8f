import type { Answer, Reply } from '@wayfare/emulator'
import { jsonSchema, tool } from '@wayfare/llm'
import { played, record } from './recording.ts'
import { protocols } from './wires.ts'
import type { Wire } from './wires.ts'

/** Two tools that take anything. */
export const tools = {
  read: tool({ inputSchema: jsonSchema<unknown>({ type: 'object' }) }),
  write: tool({ inputSchema: jsonSchema<unknown>({ type: 'object' }) }),
}

/** Wires that carry the arguments of a call as text, in pieces; the others carry them as an object inside one event. */
export const textual: readonly Wire[] = protocols.filter((wire) => wire.name !== 'google' && wire.name !== 'ollama')

/** An answer that calls `read` with exactly this JSON. */
export async function calling(wire: Wire, rawInput: string, more: Answer = {}): Promise<Reply> {
  if (textual.includes(wire))
    return played(wire, await record(wire, { ...more, toolCalls: [{ name: 'read', rawInput }] }))
  const events = await record(wire, { ...more, toolCalls: [{ name: 'read', input: { marker: 1 } }] })
  return played(
    wire,
    events.map((event) => event.replace('{"marker":1}', () => rawInput)),
  )
}
