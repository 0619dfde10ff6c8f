import type { Provider } from '@wayfare/core'
import type { VendorOptions } from '@wayfare/provider-kit'
import type { Dialect } from '../dialect.ts'
import { dialectProvider } from '../provider.ts'

/**
 * LM Studio on this machine, at its usual port. It needs no key, and costs nothing.
 *
 * @example
 * ```ts
 * import { Router } from '@wayfare/core'
 * import { lmstudio } from '@wayfare/openai-compatible/lmstudio'
 * const router = new Router({ providers: [lmstudio()], model: 'lmstudio/openai/gpt-oss-20b' })
 * ```
 */
export function lmstudio(options: VendorOptions = {}): Provider {
  return dialectProvider(dialect, options)
}

/** What LM Studio takes beyond Wayfare's own options; sent as it stands. */
export interface LMStudioOptions {
  readonly [key: string]: unknown
  readonly top_k?: number | undefined
  readonly repeat_penalty?: number | undefined
  /** Seconds for which a model that was loaded for this call stays loaded. */
  readonly ttl?: number | undefined
}

const dialect: Dialect = {
  vendor: 'lmstudio',
  baseURL: 'http://localhost:1234/v1',
  asksForUsage: true,
  traits: () => ({ free: true }),
}

declare module '@wayfare/core' {
  interface ProviderOptions {
    readonly lmstudio?: LMStudioOptions | undefined
  }
}
