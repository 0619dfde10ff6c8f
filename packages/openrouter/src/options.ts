import type { VendorOptions } from '@wayfare/provider-kit'

export interface OpenRouterProviderOptions extends VendorOptions {
  /** How your application shows in OpenRouter's rankings: sent as `X-Title` and `HTTP-Referer`. */
  readonly app?: { readonly name?: string | undefined; readonly url?: string | undefined } | undefined
}

/** What OpenRouter takes beyond Wayfare's own options; sent as it stands. */
export interface OpenRouterOptions {
  readonly [key: string]: unknown
  /** Models that OpenRouter itself falls back to. */
  readonly models?: readonly string[] | undefined
  /** Which hosts may serve. */
  readonly provider?:
    | {
        readonly [key: string]: unknown
        readonly order?: readonly string[] | undefined
        readonly only?: readonly string[] | undefined
        readonly ignore?: readonly string[] | undefined
        readonly allow_fallbacks?: boolean | undefined
        readonly require_parameters?: boolean | undefined
        readonly data_collection?: 'allow' | 'deny' | undefined
        readonly zdr?: boolean | undefined
        readonly sort?: 'price' | 'throughput' | 'latency' | undefined
      }
    | undefined
  readonly plugins?: readonly { readonly id: string; readonly [key: string]: unknown }[] | undefined
  readonly session_id?: string | undefined
  readonly prompt_cache_key?: string | undefined
}
