/** USD per million tokens. Rates that are left out have documented stand-ins, never zero. */
export interface Rates {
  readonly input: number
  readonly output: number
  /** Stand-in: `input`. */
  readonly cacheRead?: number | undefined
  /** Stand-in: `input`. */
  readonly cacheWrite?: number | undefined
  /** Stand-in: twice `input` where writes cost more than input, else what a short-lived write costs. */
  readonly cacheWrite1h?: number | undefined
  /** Stand-in: `output`. */
  readonly reasoning?: number | undefined
  /** Stand-in: `input`. */
  readonly audioIn?: number | undefined
  /** Stand-in: `output`. */
  readonly audioOut?: number | undefined
  /** Stand-in: `audioIn` where it is given, else `cacheRead`. */
  readonly cacheReadAudio?: number | undefined
  /** Stand-in: `input`. */
  readonly imageIn?: number | undefined
  /** Stand-in: `output`. */
  readonly imageOut?: number | undefined
}

export type PartialRates = { readonly [K in keyof Rates]?: Rates[K] | undefined }

/** Rates for the whole of a request (output and cache included) whose prompt is larger than `above` tokens. */
export interface ContextTier {
  readonly above: number
  /** A prompt of exactly `above` tokens counts as larger. */
  readonly inclusive?: boolean | undefined
  /** Rates left out stay as below the tier. */
  readonly rates: PartialRates
}

/** Rates at certain hours. Hours and weekdays are read in `zone`. */
export interface TimeWindow {
  /** `['09:00', '12:00']`: from the first minute up to, not including, the second. May cross midnight. */
  readonly hours: readonly (readonly [from: string, to: string])[]
  /** 1 = Monday ... 7 = Sunday. Absent: every day. */
  readonly weekdays?: readonly number[] | undefined
  /** An IANA name. Absent: UTC. */
  readonly zone?: string | undefined
  readonly rates: PartialRates
}

/** A factor on every rate, or the rates that differ. */
export type ServiceTier = number | (PartialRates & { readonly tiers?: readonly ContextTier[] | undefined })

/** USD each. */
export interface Fees {
  readonly request?: number | undefined
  readonly webSearch?: number | undefined
}

/** What a model costs at one time: the rates, and what changes them. */
export interface RateCard extends Rates {
  readonly tiers?: readonly ContextTier[] | undefined
  /** By the name of the tier that served the request. A tier that is not listed costs the plain rates. */
  readonly serviceTiers?: { readonly [tier: string]: ServiceTier } | undefined
  readonly windows?: readonly TimeWindow[] | undefined
  /** A factor by region, in lower case; `*` is any other region that is named. */
  readonly geo?: { readonly [region: string]: number } | undefined
  readonly perRequest?: Fees | undefined
}

/** A card that replaces the one before it. */
export interface RateChange extends RateCard {
  /** YYYY-MM-DD, midnight UTC. */
  readonly from: string
}

export interface PriceEntry {
  /** A provider's name or vendor. Absent: the model costs the same wherever it is served. */
  readonly provider?: string | undefined
  readonly id: string
  readonly aliases?: readonly string[] | undefined
  /** Ids that begin so, and go on with nothing but dates, versions and words like `latest` or `preview`. */
  readonly prefixes?: readonly string[] | undefined
  readonly rates: RateCard
  /** In order of their dates. */
  readonly changes?: readonly RateChange[] | undefined
  /** YYYY-MM-DD: when somebody last looked. */
  readonly checked?: string | undefined
}
