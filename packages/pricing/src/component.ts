import type { Rates } from './rates.ts'

/** What is counted and charged by the token. */
export type Component = keyof Rates

/** A figure for every component. */
export type PerComponent = { readonly [K in Component]: number }

/** In the order of a bill, each with its name there. */
export const components: readonly (readonly [component: Component, name: string])[] = [
  ['input', 'input'],
  ['audioIn', 'audio_input'],
  ['imageIn', 'image_input'],
  ['cacheRead', 'cache_read'],
  ['cacheReadAudio', 'cache_read_audio'],
  ['cacheWrite', 'cache_write'],
  ['cacheWrite1h', 'cache_write_1h'],
  ['output', 'output'],
  ['reasoning', 'reasoning'],
  ['audioOut', 'audio_output'],
  ['imageOut', 'image_output'],
]

/** One figure for each, always in the same shape: prices are computed from such objects, and often. */
export function perComponent(figure: (component: Component) => number): PerComponent {
  return {
    input: figure('input'),
    output: figure('output'),
    cacheRead: figure('cacheRead'),
    cacheWrite: figure('cacheWrite'),
    cacheWrite1h: figure('cacheWrite1h'),
    reasoning: figure('reasoning'),
    audioIn: figure('audioIn'),
    audioOut: figure('audioOut'),
    cacheReadAudio: figure('cacheReadAudio'),
    imageIn: figure('imageIn'),
    imageOut: figure('imageOut'),
  }
}
