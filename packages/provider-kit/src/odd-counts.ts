import { isRecord } from './json.ts'

const COUNT = /token|_count$/i

/**
 * What is wrong with the figures of usage as a server sent it, in words: counts that are negative or no numbers. They are read
 * as nothing, which somebody should hear of.
 */
export function oddCounts(counts: Readonly<Record<string, unknown>>): readonly string[] {
  const odd: string[] = []
  look(counts, odd)
  return odd
}

function look(counts: Readonly<Record<string, unknown>>, odd: string[]): void {
  for (const name of Object.keys(counts)) {
    const value = counts[name]
    // Nearly all of them are what they should be.
    if (isCount(value) || value === null || value === undefined || Array.isArray(value)) continue
    if (isRecord(value)) look(value, odd)
    else if (COUNT.test(name)) odd.push(`${name.slice(0, 64)} is not a token count`)
  }
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && value >= 0
}
