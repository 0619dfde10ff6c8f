/** What every vendor's factory accepts. */
export interface VendorOptions {
  /** Under which the router knows it; default: the vendor. */
  readonly name?: string | undefined
  /** Read at each request; a function is asked once more when its key was refused. */
  readonly apiKey?: string | (() => string | Promise<string>) | undefined
  readonly baseURL?: string | undefined
  /** Lets `baseURL` be plain http beyond this machine: keys and prompts then cross that network readable. */
  readonly allowInsecure?: boolean | undefined
  /** Sent with every request. */
  readonly headers?: Record<string, string> | undefined
  readonly defaultModel?: string | undefined
  /** URL of an HTTP proxy. */
  readonly proxy?: string | undefined
  /** Used instead of the built-in transport; it may then not know when a connection stands. */
  readonly fetch?: typeof fetch | undefined
}
