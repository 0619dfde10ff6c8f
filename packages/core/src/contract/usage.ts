/**
 * Billed tokens. The input side is disjoint (`input` excludes cache reads and writes); `output` is everything billed as
 * output, `reasoning` included. `total` is the sum of all but `reasoning`. Never negative, never NaN.
 */
export interface Usage {
  readonly input: number
  readonly cacheRead: number
  /** Writes with the vendor's default lifetime (5 minutes where there are several). */
  readonly cacheWrite: number
  readonly cacheWrite1h: number
  readonly output: number
  /** A part of `output`. */
  readonly reasoning: number
  readonly total: number
  /** A part of `input`; audio read from a cache is apart. */
  readonly audioIn?: number
  /** A part of `output` beside `reasoning`. */
  readonly audioOut?: number
  /** A part of `cacheRead`. */
  readonly cacheReadAudio?: number
  /** A part of `input` beside `audioIn`. */
  readonly imageIn?: number
  /** A part of `output` beside `reasoning` and `audioOut`. */
  readonly imageOut?: number
  readonly webSearches?: number
  /** The tier that served the request, where the vendor says so. */
  readonly serviceTier?: string
  /** The region that served the request, where the vendor says so and charges by it. */
  readonly geo?: string
}

/**
 * Where a usage figure came from, from best to worst. `reported`: the vendor told all of it. `partial`: what it had told when
 * the attempt ended. `estimated`: counted from texts. `worst_case`: the most that it can be. `none`: nothing was used.
 */
export type UsageSource = 'reported' | 'partial' | 'estimated' | 'worst_case' | 'none'

/**
 * Where a price came from. `provider`: the vendor told the cost. `override`: registered by you. `live`: a catalogue fetched at
 * run time. `registry`: the bundled list. `fallback`: the rate for models that no list knows. `unknown`: there is none.
 */
export type PricingSource = 'provider' | 'override' | 'live' | 'registry' | 'fallback' | 'unknown'
