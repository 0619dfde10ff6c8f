import { LLMError } from '@wayfare/core'

export type ApiKey = string | (() => string | Promise<string>)

/**
 * Asks for the key and checks it, without ever quoting it. Undefined when there is none. Throws `config` for a key that
 * cannot be one, `auth` when the function that makes it failed.
 */
export async function readKey(provider: string, source: ApiKey | undefined): Promise<string | undefined> {
  const given = typeof source === 'function' ? await ask(provider, source) : source
  const key = typeof given === 'string' ? given.trim() : undefined
  if (key === undefined || key === '') return undefined
  if (!/^[\x21-\x7e]{1,512}$/.test(key)) {
    throw new LLMError('config', `the API key of ${provider} has invalid characters; check how it was copied`, {
      provider,
    })
  }
  return key
}

async function ask(provider: string, source: () => string | Promise<string>): Promise<string> {
  try {
    return await source()
  } catch (cause) {
    // Not config: where keys are made anew, the maker may be down, and another vendor's key may be at hand.
    throw new LLMError('auth', `the apiKey function of ${provider} failed, so that there is no key`, {
      provider,
      cause,
    })
  }
}
