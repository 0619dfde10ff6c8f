import { LLMError } from '@wayfare/core'
import { checkKey, readKey, type ApiKey } from './api-key.ts'
import { checkHeaders } from './headers.ts'

export interface CredentialOptions {
  readonly provider: string
  readonly apiKey?: ApiKey | undefined
  readonly missingKey?: string | undefined
  readonly authorize?: ((key: string) => Record<string, string>) | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
}

type Headers = Readonly<Record<string, string>>

/** The key of an endpoint, and the headers that go with it. */
export class Credential {
  readonly #options: CredentialOptions
  readonly #fixed: Headers
  /** A key that is given as text is checked at once, so that a bad one fails where it is written. */
  readonly #own: string | undefined
  /** The last headers that were nothing out of the ordinary. */
  #last: { readonly key: string | undefined; readonly headers: Headers } | undefined

  constructor(options: CredentialOptions) {
    const { provider, apiKey, headers = {} } = options
    this.#options = options
    this.#fixed = checkHeaders(provider, headers)
    if (typeof apiKey === 'string') this.#own = checkKey(provider, apiKey)
  }

  /** Whether another key may be had by asking once more. */
  get renewable(): boolean {
    return typeof this.#options.apiKey === 'function'
  }

  /** Undefined where no key is needed. Throws `config` when one is and there is none, or it cannot be one. */
  read(): string | undefined | Promise<string | undefined> {
    const { provider, apiKey } = this.#options
    if (typeof apiKey !== 'function') return this.#needed(this.#own)
    return readKey(provider, apiKey).then((key) => this.#needed(key))
  }

  /** Of one request. `added`: its own; throws `config` when they could not be headers. */
  headers(method: 'GET' | 'POST', key: string | undefined, added: Headers | undefined): Headers {
    if (method === 'GET' || added !== undefined) return this.#make(method, key, added ?? {})
    if (this.#last === undefined || this.#last.key !== key) this.#last = { key, headers: this.#make(method, key, {}) }
    return this.#last.headers
  }

  #make(method: 'GET' | 'POST', key: string | undefined, added: Headers): Headers {
    const { provider, authorize } = this.#options
    return {
      accept: '*/*',
      'accept-encoding': 'identity',
      ...(method === 'POST' && { 'content-type': 'application/json' }),
      ...this.#fixed,
      ...checkHeaders(provider, added),
      ...(key !== undefined && (authorize?.(key) ?? { authorization: `Bearer ${key}` })),
    }
  }

  #needed(key: string | undefined): string | undefined {
    const { provider, missingKey } = this.#options
    if (key !== undefined || missingKey === undefined) return key
    throw new LLMError('config', `${provider} needs an API key; ${missingKey}`, { provider })
  }
}
