import { copied } from './copied.ts'
import { stringEnd } from './json.ts'

/**
 * The text of a value inside JSON that was parsed: numbers beyond JavaScript's are still whole there. Of equal keys the last
 * one counts, as it does for the parser. Undefined when nothing stands at the path.
 */
export function jsonSource(text: string, path: readonly (string | number)[]): string | undefined {
  let at: number | undefined = pastSpace(text, 0)
  for (const step of path) {
    at = typeof step === 'number' ? element(text, at, step) : member(text, at, step)
    if (at === undefined) return undefined
  }
  return copied(text.slice(at, valueEnd(text, at)))
}

/** Where the value of a key begins. */
function member(text: string, at: number, key: string): number | undefined {
  if (text[at] !== '{') return undefined
  let found: number | undefined
  let next = pastSpace(text, at + 1)
  while (text[next] === '"') {
    const end = stringEnd(text, next) + 1
    const value = pastSpace(text, pastSpace(text, end) + 1)
    if (JSON.parse(text.slice(next, end)) === key) found = value
    next = pastComma(text, valueEnd(text, value))
  }
  return found
}

function element(text: string, at: number, index: number): number | undefined {
  if (text[at] !== '[') return undefined
  let next = pastSpace(text, at + 1)
  for (let passed = 0; text[next] !== ']'; passed++) {
    if (passed === index) return next
    next = pastComma(text, valueEnd(text, next))
  }
  return undefined
}

function valueEnd(text: string, at: number): number {
  let open = 0
  for (let i = at; i < text.length; i++) {
    const char = text[i]
    if (char === '"') {
      i = stringEnd(text, i)
      if (open === 0) return i + 1
    } else if (char === '{' || char === '[') open++
    else if (char === '}' || char === ']') {
      if (open === 0) return i
      if (--open === 0) return i + 1
    } else if (open === 0 && (char === ',' || isSpace(char))) return i
  }
  return text.length
}

function pastComma(text: string, at: number): number {
  const next = pastSpace(text, at)
  return text[next] === ',' ? pastSpace(text, next + 1) : next
}

function pastSpace(text: string, at: number): number {
  let next = at
  while (isSpace(text[next])) next++
  return next
}

function isSpace(char: string | undefined): boolean {
  return char === ' ' || char === '\n' || char === '\r' || char === '\t'
}
