import { isRecord } from './json.ts'

const COUNT = /token|_count$/i

/**
 * What is wrong with the figures of usage as a server sent it, in words: counts that are negative or no numbers. They are read
 * as nothing, which somebody should hear of.
 */
export function oddCounts(counts: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(counts).flatMap(([name, value]) => {
    if (isRecord(value)) return oddCounts(value)
    const odd = COUNT.test(name) && value !== null && value !== undefined && !Array.isArray(value) && !isCount(value)
    return odd ? [`${name.slice(0, 64)} is not a token count`] : []
  })
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && value >= 0
}
