import type { AcmeVendorOptions } from './options.ts'

export { acmeVendor } from './provider.ts'
export type { AcmeVendorOptions } from './options.ts'

declare module '@wayfare/core' {
  interface KnownModels {
    'acme-vendor/small': true
  }
  interface ProviderOptions {
    readonly 'acme-vendor'?: AcmeVendorOptions | undefined
  }
}
