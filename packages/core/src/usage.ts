import type { Usage } from './contract/usage.ts'
import type { Draft } from './draft.ts'

export const noUsage: Usage = {
  input: 0,
  cacheRead: 0,
  cacheWrite: 0,
  cacheWrite1h: 0,
  output: 0,
  reasoning: 0,
  total: 0,
}

/** The last figure of each field wins; one that is absent says nothing about the one before it. */
export function laterUsage(before: Partial<Usage>, told: Partial<Usage>): Partial<Usage> {
  const figures: Record<string, unknown> = { ...before }
  for (const name in told) {
    const figure = told[name as keyof Usage] // a name of the usage
    if (figure !== undefined) figures[name] = figure
  }
  return figures // the names of a usage with the figures of a usage
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
  const input = count(reported.input, 'input', problems)
  const cacheRead = count(reported.cacheRead, 'cacheRead', problems)
  const cacheWrite = count(reported.cacheWrite, 'cacheWrite', problems)
  const cacheWrite1h = count(reported.cacheWrite1h, 'cacheWrite1h', problems)
  const output = count(reported.output, 'output', problems)
  let reasoning = count(reported.reasoning, 'reasoning', problems)
  if (reasoning > output) {
    problems.push('reasoning exceeds output')
    reasoning = output
  }
  const total = input + cacheRead + cacheWrite + cacheWrite1h + output
  const usage: Draft<Usage> = { input, cacheRead, cacheWrite, cacheWrite1h, output, reasoning, total }
  for (const name of seldom) {
    if (reported[name] !== undefined) usage[name] = count(reported[name], name, problems)
  }
  if (reported.serviceTier !== undefined) usage.serviceTier = reported.serviceTier
  if (reported.geo !== undefined) usage.geo = reported.geo
  return { usage, problems }
}

/** Absent where nothing was said of them. */
const seldom = ['audioIn', 'audioOut', 'cacheReadAudio', 'imageIn', 'imageOut', 'webSearches'] as const

function count(value: unknown, name: keyof Usage, problems: string[]): number {
  if (value === undefined) return 0
  if (typeof value === 'number' && value >= 0 && value <= absurd) return Math.round(value)
  problems.push(`${name} is not a token count`)
  return 0
}
