import type { Usage } from '@wayfare/core'
import type { Component } from './component.ts'

/** What is not text: parts of the input, the output and the cache reads. */
type Media = { readonly [K in 'audioIn' | 'imageIn' | 'cacheReadAudio' | 'audioOut' | 'imageOut']: number }

/** The tokens of each component, none counted twice, and what else is charged. */
export interface Quantities {
  readonly input: number
  readonly output: number
  readonly cacheRead: number
  readonly cacheWrite: number
  readonly cacheWrite1h: number
  readonly reasoning: number
  /** Apart, because most calls have none. */
  readonly media: Media | undefined
  readonly webSearches: number
  /** The prompt's size, which chooses the context tier. */
  readonly prompt: number
}

/** Figures that contradict each other are clamped: a part is never more than its whole. */
export function quantitiesOf(usage: Usage): Quantities {
  const input = count(usage.input)
  const cacheRead = count(usage.cacheRead)
  const cacheWrite = count(usage.cacheWrite)
  const cacheWrite1h = count(usage.cacheWrite1h)
  const output = count(usage.output)
  const reasoning = Math.min(count(usage.reasoning), output)
  const media = mediaOf(usage, input, cacheRead, output - reasoning)
  return {
    input: media === undefined ? input : input - media.audioIn - media.imageIn,
    output: media === undefined ? output - reasoning : output - reasoning - media.audioOut - media.imageOut,
    cacheRead: media === undefined ? cacheRead : cacheRead - media.cacheReadAudio,
    cacheWrite,
    cacheWrite1h,
    reasoning,
    media,
    webSearches: usage.webSearches === undefined ? 0 : count(usage.webSearches),
    prompt: input + cacheRead + cacheWrite + cacheWrite1h,
  }
}

export function tokensOf(of: Quantities, component: Component): number {
  switch (component) {
    case 'audioIn':
    case 'imageIn':
    case 'cacheReadAudio':
    case 'audioOut':
    case 'imageOut':
      return of.media?.[component] ?? 0
    default:
      return of[component]
  }
}

function mediaOf(usage: Usage, input: number, cacheRead: number, output: number): Media | undefined {
  const { audioIn, imageIn, cacheReadAudio, audioOut, imageOut } = usage
  if (
    audioIn === undefined &&
    imageIn === undefined &&
    cacheReadAudio === undefined &&
    audioOut === undefined &&
    imageOut === undefined
  )
    return undefined
  const heard = part(audioIn, input)
  const said = part(audioOut, output)
  return {
    audioIn: heard,
    imageIn: part(imageIn, input - heard),
    cacheReadAudio: part(cacheReadAudio, cacheRead),
    audioOut: said,
    imageOut: part(imageOut, output - said),
  }
}

function part(tokens: number | undefined, whole: number): number {
  return Math.min(count(tokens), whole)
}

function count(tokens: number | undefined): number {
  return tokens !== undefined && tokens > 0 && tokens < Infinity ? Math.min(tokens, Number.MAX_SAFE_INTEGER) : 0
}
