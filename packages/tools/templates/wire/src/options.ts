/** `providerOptions['acme-vendor']` of a call: goes into the request body as it stands. */
export interface AcmeVendorOptions {
  readonly [field: string]: unknown
}
