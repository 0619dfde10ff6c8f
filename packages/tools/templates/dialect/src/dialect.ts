import type { Dialect } from '@wayfare/openai-compatible'

/** How this vendor differs from the common form of chat completions. */
export const dialect: Dialect = {
  vendor: 'acme-vendor',
  baseURL: 'https://api.acme-vendor.example/v1',
  keyVariable: 'ACME_VENDOR_API_KEY',
  asksForUsage: true,
}
