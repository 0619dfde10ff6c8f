import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { canaryKey } from './wires.ts'

/** Part of every prompt under test. */
export const canaryPrompt = 'canary-prompt-5b1d'

const canaries = [canaryKey.slice(0, 16), canaryPrompt]

/** Neither the key nor the prompt may occur in anything that a log could show. */
export function expectNoCanary(value: unknown): void {
  const seen = [
    inspect(value, { depth: Infinity, showHidden: true }),
    inspect(value),
    inspect(value, { depth: Infinity, customInspect: false }), // what Node prints of an error that nobody caught
    JSON.stringify(value, (_, field: unknown) => (typeof field === 'bigint' ? String(field) : field)) ?? '',
    value instanceof Error ? `${value.message} ${value.stack} ${String(value)}` : '',
  ]
  for (const text of seen) {
    for (const canary of canaries) assert.ok(!text.includes(canary), `${canary} was shown: ${text}`)
  }
}
