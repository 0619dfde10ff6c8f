import type { Usage } from '@wayfare/core'

const none: Usage = { input: 0, cacheRead: 0, cacheWrite: 0, cacheWrite1h: 0, output: 0, reasoning: 0, total: 0 }

/** A usage of which only some figures matter. */
export function usage(figures: Partial<Usage>): Usage {
  const all = { ...none, ...figures }
  return { ...all, total: all.input + all.cacheRead + all.cacheWrite + all.cacheWrite1h + all.output }
}
