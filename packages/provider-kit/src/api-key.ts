import { LLMError } from '@wayfare/core'

export type ApiKey = string | (() => string | Promise<string>)

/** Asks for the key. Throws `config` for one that cannot be a key, `auth` when the function that makes it failed. */
export async function readKey(provider: string, source: () => string | Promise<string>): Promise<string | undefined> {
  return checkKey(provider, await ask(provider, source))
}

/** The key without white space around it; undefined when there is none. Throws `config`, without quoting it. */
export function checkKey(provider: string, given: unknown): string | undefined {
  const key = typeof given === 'string' ? given.trim() : ''
  if (key === '') return undefined
  if (/^[\x21-\x7e]{1,512}$/.test(key)) return key
  throw new LLMError('config', `the API key of ${provider} has invalid characters; check how it was copied`, {
    provider,
  })
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
