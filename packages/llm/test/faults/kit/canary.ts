import { inspect } from 'node:util'
import { expect } from 'vitest'
import { canaryKey } from './wires.ts'

/** Part of every prompt under test. */
export const canaryPrompt = 'canary-prompt-5b1d'

/** Neither the key nor the prompt may occur in anything that a log could show. */
export function expectNoCanary(value: unknown): void {
  const seen = [
    inspect(value, { depth: Infinity, showHidden: true }),
    inspect(value),
    JSON.stringify(value, (_, field: unknown) => (typeof field === 'bigint' ? String(field) : field)) ?? '',
    value instanceof Error ? `${value.message} ${value.stack} ${String(value)}` : '',
  ]
  for (const text of seen) {
    expect(text).not.toContain(canaryKey)
    expect(text).not.toContain(canaryKey.slice(0, 16))
    expect(text).not.toContain(canaryPrompt)
  }
}
