import { LLMError } from '@wayfare/core'

/** What every vendor's factory accepts. */
export interface VendorOptions {
  /** Under which the router knows it; default: the vendor. */
  readonly name?: string | undefined
  /** Read at each request; a function is asked once more when its key was refused. */
  readonly apiKey?: string | (() => string | Promise<string>) | undefined
  /** Another server than the vendor's, with the path below which it speaks the same wire: https, or http on this machine. */
  readonly baseURL?: string | undefined
  /** Lets `baseURL` be plain http beyond this machine: keys and prompts then cross that network readable. */
  readonly allowInsecure?: boolean | undefined
  /** Sent with every request. */
  readonly headers?: Record<string, string> | undefined
  /** The id that a fallback rule means which names this provider alone. */
  readonly defaultModel?: string | undefined
  /** URL of an HTTP proxy. */
  readonly proxy?: string | undefined
  /** Used instead of the built-in transport; it may then not know when a connection stands. */
  readonly fetch?: typeof fetch | undefined
}

// An object, not a list, so that the compiler finds a forgotten name.
const names: Record<keyof VendorOptions, true> = {
  name: true,
  apiKey: true,
  baseURL: true,
  allowInsecure: true,
  headers: true,
  defaultModel: true,
  proxy: true,
  fetch: true,
}

/**
 * Throws `config` for an option that is none of these: with a `baseUrl` that is passed over in silence, key and prompts go to
 * another server than was meant. A factory that has options of its own takes them out before.
 */
export function checkOptions(provider: string, options: VendorOptions): void {
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(names, name)) continue
    throw new LLMError('config', `${provider} has no option "${name}"; it has ${Object.keys(names).join(', ')}`)
  }
}
