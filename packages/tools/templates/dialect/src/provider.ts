import type { Provider } from '@wayfare/core'
import { dialectProvider } from '@wayfare/openai-compatible'
import type { VendorOptions } from '@wayfare/provider-kit'
import { dialect } from './dialect.ts'

/**
 * Acme Vendor. The key is `apiKey`, else `ACME_VENDOR_API_KEY`. Throws `config` for a base URL, header or key that cannot be
 * used.
 */
export function acmeVendor(options: VendorOptions = {}): Provider {
  return dialectProvider(dialect, options)
}
