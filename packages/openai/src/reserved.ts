import { LLMError } from '@wayfare/core'

type Options = Readonly<Record<string, unknown>>

/**
 * The vendor's options without those that would change what the budget was reserved for: model, messages, streaming and, where
 * the call limits it, the output. Names count in any case: some servers read them so. Throws `config` for several answers and
 * for one in the background.
 */
export function allowed(options: Options, provider: string, limited: boolean): Options {
  checkAnswers(options, provider)
  const kept = Object.entries(options).filter(([field]) => {
    const name = field.toLowerCase()
    return !reserved.has(name) && !(limited && limits.has(name))
  })
  return Object.fromEntries(kept)
}

/** Throws `config` for options that ask for several answers, or for one that is fetched later. */
export function checkAnswers(options: Options, provider: string): void {
  for (const [field, value] of Object.entries(options)) {
    const name = field.toLowerCase()
    if (name === 'n' && value !== 1 && value !== undefined && value !== null) {
      const message =
        'a call has one answer, and providerOptions.openai.n asks for another number; leave n out and call again'
      throw new LLMError('config', message, { provider })
    }
    if (name === 'background' && Boolean(value)) {
      const message = `${provider} would answer elsewhere; leave providerOptions.openai.background out`
      throw new LLMError('config', message, { provider })
    }
  }
}

/** `n` can only be 1 here, which the Responses API would refuse; `background` only false. */
const reserved: ReadonlySet<string> = new Set(['model', 'input', 'messages', 'stream', 'n', 'background'])
const limits: ReadonlySet<string> = new Set(['max_output_tokens', 'max_completion_tokens', 'max_tokens'])
