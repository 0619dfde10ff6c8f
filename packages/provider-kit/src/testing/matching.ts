import { fail } from 'node:assert/strict'
import { inspect, isDeepStrictEqual } from 'node:util'

/** Fails unless everything that is expected is there. Objects may hold more, lists may not. */
export function matches(actual: unknown, expected: unknown, what: string): void {
  const at = difference(actual, expected, '')
  if (at === undefined) return
  const show = (value: unknown): string => inspect(value, { depth: 8 })
  fail(`${what}${at} is not what it should be\n  expected: ${show(expected)}\n  actual:   ${show(actual)}`)
}

/** Where they differ, as a path; undefined when they do not. */
function difference(actual: unknown, expected: unknown, path: string): string | undefined {
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) return path
    return first(expected.map((item, at) => difference(actual[at], item, `${path}[${at}]`)))
  }
  if (typeof expected === 'object' && expected !== null) {
    if (typeof actual !== 'object' || actual === null) return path
    const known = actual as Readonly<Record<string, unknown>> // an object, as was just seen
    return first(Object.entries(expected).map(([key, value]) => difference(known[key], value, `${path}.${key}`)))
  }
  return isDeepStrictEqual(actual, expected) ? undefined : path
}

function first(paths: readonly (string | undefined)[]): string | undefined {
  return paths.find((path) => path !== undefined)
}
