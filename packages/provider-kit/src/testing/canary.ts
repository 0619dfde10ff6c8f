import { ok } from 'node:assert/strict'
import { inspect } from 'node:util'

/** The key of every provider under test; it must never be seen again. */
export const canaryKey = 'sk-canary-7f3a9c51d2e8b604'

/** What the user says in every call; no error may repeat it. */
export const canaryPrompt = 'Say Hé👋lo, canary-prompt-5b1d.'

/** What a server sends that can be read by nobody; no error may repeat it. */
export const canaryPayload = 'canary-payload-93c4'

const canaries: readonly string[] = [canaryKey.slice(0, 16), 'canary-prompt', canaryPayload]

/** Neither the key nor what was said may occur in anything that a log could show. */
export function hidesCanaries(value: unknown, what: string): void {
  const shown = [
    inspect(value, { depth: Infinity, showHidden: true }),
    inspect(value),
    inspect(value, { depth: Infinity, customInspect: false }), // what Node prints of an error that nobody caught
    JSON.stringify(value) ?? '',
    value instanceof Error ? `${value.message} ${value.stack} ${String(value)}` : '',
  ]
  for (const text of shown) {
    for (const canary of canaries) ok(!text.includes(canary), `${what} shows ${canary}`)
  }
}
