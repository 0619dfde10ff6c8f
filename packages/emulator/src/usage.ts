import type { ScriptedUsage } from './reply.ts'

/** Tokens of one answer. The input side is disjoint; `output` includes `reasoning`. */
export interface Usage {
  readonly input: number
  readonly cacheRead: number
  readonly cacheWrite: number
  readonly cacheWrite1h: number
  readonly output: number
  readonly reasoning: number
}

/** The scripted figures; what is missing is estimated from the request and the answer. */
export function fillUsage(
  scripted: ScriptedUsage,
  request: Readonly<Record<string, unknown>>,
  answer: { readonly reasoning: string; readonly rest: string },
): Usage {
  const history = JSON.stringify(request['messages'] ?? request['contents'] ?? request['input'] ?? [])
  return {
    input: scripted.input ?? estimate(history),
    cacheRead: scripted.cacheRead ?? 0,
    cacheWrite: scripted.cacheWrite ?? 0,
    cacheWrite1h: scripted.cacheWrite1h ?? 0,
    output: scripted.output ?? estimate(answer.reasoning + answer.rest),
    reasoning: scripted.reasoning ?? estimate(answer.reasoning),
  }
}

/** Everything that was read: fresh, cached and written to a cache. */
export function promptTokens(usage: Usage): number {
  return usage.input + usage.cacheRead + usage.cacheWrite + usage.cacheWrite1h
}

function estimate(text: string): number {
  return Math.ceil(text.length / 4)
}
