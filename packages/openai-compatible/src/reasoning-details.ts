import type { JSONValue } from '@wayfare/core'
import { isRecord } from '@wayfare/provider-kit'
import type { KeptReasoning, ReasoningKeeper } from './dialect.ts'

type Detail = { [key: string]: JSONValue }

/** Collects `reasoning_details`: they have to go back as they came, also an empty list. */
export function keepDetails(): ReasoningKeeper {
  let details: Detail[] | undefined
  return {
    add(delta) {
      const pieces = delta['reasoning_details']
      if (!Array.isArray(pieces)) return
      details ??= []
      for (const piece of pieces) if (isRecord(piece)) merge(details, piece as Detail) // parsed JSON
    },
    kept: () => details,
  }
}

/** The details of a message, and the plain text only where there are none. */
export function replayDetails(reasoning: readonly KeptReasoning[]): Record<string, unknown> {
  const kept = reasoning.filter((one) => one.kept !== undefined)
  if (kept.length > 0) return { reasoning_details: kept.flatMap((one) => one.kept) }
  return { reasoning: reasoning.map((one) => one.text).join('') }
}

/** A stream cuts text and summaries into pieces and sends the signature last; encrypted details come whole, at times twice. */
function merge(details: Detail[], piece: Detail): void {
  const last = details.at(-1)
  if (piece['type'] === 'reasoning.encrypted') {
    const name = nameOf(piece)
    if (name === undefined || !details.some((one) => one['type'] === piece['type'] && nameOf(one) === name)) {
      details.push({ ...piece })
    }
    return
  }
  const field = piece['type'] === 'reasoning.summary' ? 'summary' : 'text'
  const signed = typeof last?.['signature'] === 'string' && text(piece[field]) !== ''
  if (last === undefined || signed || last['type'] !== piece['type'] || last['index'] !== piece['index']) {
    details.push({ ...piece })
    return
  }
  const joined = text(last[field]) + text(piece[field])
  for (const [key, value] of Object.entries(piece)) if (value !== null) last[key] = value
  if (last[field] !== undefined || joined !== '') last[field] = joined
}

function nameOf(detail: Detail): JSONValue | undefined {
  return detail['id'] ?? detail['data']
}

function text(value: JSONValue | undefined): string {
  return typeof value === 'string' ? value : ''
}
