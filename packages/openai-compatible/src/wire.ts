import { isRecord } from '@wayfare/provider-kit'

export type Wire = Readonly<Record<string, unknown>>

/** The records of a list; anything else is left out. */
export function records(value: unknown): readonly Wire[] {
  return Array.isArray(value) ? value.filter(isRecord) : []
}

/** A string that says something. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The text of content that may also be a list of parts of one type. */
export function textOf(content: unknown, type: string): string {
  if (typeof content === 'string') return type === 'text' ? content : ''
  let all = ''
  for (const part of records(content)) {
    if (part['type'] !== type) continue
    const inner = part[type]
    all += typeof inner === 'string' ? inner : textOf(inner, 'text')
  }
  return all
}
