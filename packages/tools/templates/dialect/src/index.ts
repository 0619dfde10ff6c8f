export { acmeVendor } from './provider.ts'

declare module '@wayfare/core' {
  interface KnownModels {
    'acme-vendor/small': true
  }
  interface ProviderOptions {
    /** Goes into the request body as it stands. */
    readonly 'acme-vendor'?: { readonly [field: string]: unknown } | undefined
  }
}
