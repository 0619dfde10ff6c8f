import { LLMError } from '@wayfare/core'

/**
 * Checks a base URL. It is never quoted: people put secrets into URLs. Plain http is for this machine, unless the user says
 * that the network between is theirs. Throws `config`.
 */
export function checkBaseURL(provider: string, baseURL: string | URL, allowInsecure = false): URL {
  const url = parse(provider, baseURL)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && (allowInsecure || isLoopback(url.hostname)))) {
    throw refusal(
      provider,
      'must begin with https:// (http:// is for this machine, or with allowInsecure for a network of your own)',
    )
  }
  if (url.username !== '' || url.password !== '') {
    throw refusal(provider, 'must not hold a user name or password; pass apiKey or headers')
  }
  if (url.search !== '' || url.hash !== '') throw refusal(provider, 'must not hold a query or fragment')
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  return url
}

function parse(provider: string, baseURL: string | URL): URL {
  try {
    return new URL(baseURL)
  } catch {
    throw refusal(provider, 'is not a URL')
  }
}

function refusal(provider: string, problem: string): LLMError {
  return new LLMError('config', `the baseURL of ${provider} ${problem}`, { provider })
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)
}
