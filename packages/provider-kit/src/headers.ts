import { LLMError } from '@wayfare/core'

/** Lower-cases names and refuses what could split a request. Values are never quoted. Throws `config`. */
export function checkHeaders(provider: string, headers: Readonly<Record<string, string>>): Record<string, string> {
  const checked: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) {
      throw new LLMError('config', `a header name given for ${provider} has invalid characters`, { provider })
    }
    // oxlint-disable-next-line no-control-regex -- control characters are what must be found
    if (typeof value !== 'string' || /[^\t\x20-\x7e\x80-\xff]/.test(value)) {
      throw new LLMError('config', `the header ${name} given for ${provider} has invalid characters`, { provider })
    }
    checked[name.toLowerCase()] = value
  }
  return checked
}
