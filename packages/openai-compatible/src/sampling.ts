import type { Warning } from '@wayfare/core'
import type { ChatBody } from './dialect.ts'

/** A body without temperature and top_p, and a warning for each that was there. `why`: a clause behind "left out:". */
export function withoutSampling(body: ChatBody, why: string): { body: ChatBody; warnings: readonly Warning[] } {
  const { temperature, top_p: topP, ...rest } = body
  const there = [...(temperature === undefined ? [] : ['temperature']), ...(topP === undefined ? [] : ['top_p'])]
  return {
    body: rest,
    warnings: there.map((field) => ({ code: 'sampling_dropped', message: `${field} was left out: ${why}` })),
  }
}
