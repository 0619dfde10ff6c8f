import { LLMError } from '@wayfare/core'

const MAX_DEPTH = 128

/** Parses text that a server sent. Throws `protocol`, without a word of the text, when it is not JSON or nested too deeply. */
export function parseJSON(text: string): unknown {
  if (mayBeDeep(text) && depth(text) > MAX_DEPTH) {
    throw new LLMError('protocol', `the server sent JSON nested deeper than ${MAX_DEPTH} levels`, {
      phase: 'output',
      retryable: false,
    })
  }
  try {
    return JSON.parse(text)
  } catch {
    throw new LLMError('protocol', 'the server sent something that is not JSON')
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A count of tokens as wires send it: what is not a number counts nothing, what is negative or beyond safety is clamped. */
export function tokens(value: unknown): number {
  if (typeof value !== 'number' || !(value > 0)) return 0
  return Math.min(Math.floor(value), Number.MAX_SAFE_INTEGER)
}

/** Whether the text could nest too deeply: JSON of that depth closes as many brackets. Spares the scan for almost every text. */
function mayBeDeep(text: string): boolean {
  if (text.length <= MAX_DEPTH) return false
  if (text.length > 65_536) return true
  let closers = 0
  for (const bracket of ['}', ']']) {
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) {
      if (++closers > MAX_DEPTH) return true
    }
  }
  return false
}

/** How deep the text nests, counted without parsing: deep JSON stalls or overflows parsers. Stops at the limit. */
function depth(text: string): number {
  let open = 0
  let deepest = 0
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i)
    if (char === 34) {
      i = stringEnd(text, i)
    } else if (char === 123 || char === 91) {
      if (++open > deepest) deepest = open
      if (deepest > MAX_DEPTH) return deepest
    } else if (char === 125 || char === 93) open--
  }
  return deepest
}

/** Where a string that begins at a quotation mark has its last one. */
export function stringEnd(text: string, quote: number): number {
  let end = text.indexOf('"', quote + 1)
  while (end !== -1 && escaped(text, end)) end = text.indexOf('"', end + 1)
  return end === -1 ? text.length : end
}

function escaped(text: string, at: number): boolean {
  let slashes = 0
  while (text.charCodeAt(at - 1 - slashes) === 92) slashes++
  return slashes % 2 === 1
}
