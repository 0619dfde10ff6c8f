import { isRecord, items, records } from '../narrow.ts'

export type Part = Readonly<Record<string, unknown>>

/** The parts of one content. */
export function partsOf(content: unknown): readonly Part[] {
  return isRecord(content) ? records(content['parts']) : []
}

/** The function calls, or their responses, in one content, in order. */
export function functionsOf(content: unknown, field: 'functionCall' | 'functionResponse'): readonly Part[] {
  return partsOf(content).flatMap((part) => {
    const value = part[field]
    return isRecord(value) ? [value] : []
  })
}

/** Every content of a request. */
export function contentsOf(body: Readonly<Record<string, unknown>>): readonly unknown[] {
  return items(body['contents'])
}
