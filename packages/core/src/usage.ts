import type { Usage } from './contract/usage.ts'

export const noUsage: Usage = {
  input: 0,
  cacheRead: 0,
  cacheWrite: 0,
  cacheWrite1h: 0,
  output: 0,
  reasoning: 0,
  total: 0,
}

/** No model has read or written more in one request: beyond it a count is an error of the wire. */
const absurd = 1e9

export interface CheckedUsage {
  readonly usage: Usage
  /** What was wrong with the figures, in words. */
  readonly problems: readonly string[]
}

/** Completes what a provider reported: counts are clamped to whole, non-negative numbers and summed. */
export function checkUsage(reported: Partial<Usage>): CheckedUsage {
  const problems: string[] = []
  const count = (name: keyof Usage): number => {
    const value: unknown = reported[name]
    if (value === undefined) return 0
    if (typeof value === 'number' && value >= 0 && value <= absurd) return Math.round(value)
    problems.push(`${name} is not a token count`)
    return 0
  }
  const input = count('input')
  const cacheRead = count('cacheRead')
  const cacheWrite = count('cacheWrite')
  const cacheWrite1h = count('cacheWrite1h')
  const output = count('output')
  let reasoning = count('reasoning')
  if (reasoning > output) {
    problems.push('reasoning exceeds output')
    reasoning = output
  }
  const total = input + cacheRead + cacheWrite + cacheWrite1h + output
  const usage: Usage = {
    input,
    cacheRead,
    cacheWrite,
    cacheWrite1h,
    output,
    reasoning,
    total,
    ...(reported.audioIn !== undefined && { audioIn: count('audioIn') }),
    ...(reported.audioOut !== undefined && { audioOut: count('audioOut') }),
    ...(reported.cacheReadAudio !== undefined && { cacheReadAudio: count('cacheReadAudio') }),
    ...(reported.imageIn !== undefined && { imageIn: count('imageIn') }),
    ...(reported.imageOut !== undefined && { imageOut: count('imageOut') }),
    ...(reported.webSearches !== undefined && { webSearches: count('webSearches') }),
    ...(reported.serviceTier !== undefined && { serviceTier: reported.serviceTier }),
    ...(reported.geo !== undefined && { geo: reported.geo }),
  }
  return { usage, problems }
}
