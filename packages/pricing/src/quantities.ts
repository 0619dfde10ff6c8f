import type { Usage } from '@wayfare/core'
import type { PerComponent } from './component.ts'

/** The tokens of each component, none counted twice, and what else is charged. */
export interface Quantities extends PerComponent {
  readonly webSearches: number
  /** The prompt's size, which chooses the context tier. */
  readonly prompt: number
}

/** Figures that contradict each other are clamped: a part is never more than its whole. */
export function quantitiesOf(usage: Usage): Quantities {
  const wholeInput = count(usage.input)
  const wholeRead = count(usage.cacheRead)
  const wholeOutput = count(usage.output)
  const cacheWrite = count(usage.cacheWrite)
  const cacheWrite1h = count(usage.cacheWrite1h)
  const audioIn = part(usage.audioIn, wholeInput)
  const imageIn = part(usage.imageIn, wholeInput - audioIn)
  const cacheReadAudio = part(usage.cacheReadAudio, wholeRead)
  const reasoning = part(usage.reasoning, wholeOutput)
  const audioOut = part(usage.audioOut, wholeOutput - reasoning)
  const imageOut = part(usage.imageOut, wholeOutput - reasoning - audioOut)
  return {
    input: wholeInput - audioIn - imageIn,
    output: wholeOutput - reasoning - audioOut - imageOut,
    cacheRead: wholeRead - cacheReadAudio,
    cacheWrite,
    cacheWrite1h,
    reasoning,
    audioIn,
    audioOut,
    cacheReadAudio,
    imageIn,
    imageOut,
    webSearches: count(usage.webSearches),
    prompt: wholeInput + wholeRead + cacheWrite + cacheWrite1h,
  }
}

function part(tokens: number | undefined, whole: number): number {
  return tokens === undefined ? 0 : Math.min(count(tokens), whole)
}

function count(tokens: number | undefined): number {
  return tokens !== undefined && tokens > 0 && tokens < Infinity ? tokens : 0
}
