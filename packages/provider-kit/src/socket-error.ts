import { LLMError, type LLMErrorFacts } from '@wayfare/core'
import { TunnelRefused } from './tunnel.ts'

/** How far an exchange had come. */
export type Stage = 'connect' | 'headers' | 'body'

type Facts = LLMErrorFacts & { readonly provider: string }

/** What a failure of the connection means. The system's own text stays in `cause`. */
export function socketError(cause: unknown, reached: Stage, facts: Facts): LLMError {
  if (LLMError.is(cause)) return cause
  const code = errorCode(cause)
  // A fetch does not tell when a connection stands, but some failures can only come before.
  const stage = reached === 'headers' && code !== undefined && UNMADE.test(code) ? 'connect' : reached
  const { provider } = facts
  const make = (kind: 'network' | 'protocol' | 'stream_truncated', message: string, more: LLMErrorFacts): LLMError =>
    new LLMError(kind, message, { ...facts, cause, ...(code !== undefined && { code }), ...more })
  const proxyStatus = proxyAnswer(cause)
  if (proxyStatus !== undefined) {
    return make('network', `the proxy refused the connection to ${provider} (${proxyStatus}); check the proxy option`, {
      code: 'proxy',
      phase: 'connect',
      billed: 'no',
      retryable: proxyStatus >= 500,
    })
  }
  if (stage !== 'body' && code !== undefined && TLS.test(code)) {
    return make('network', `the certificate of ${provider} was not accepted (${code}); check baseURL and the clock`, {
      code: 'tls',
      phase: 'connect',
      billed: 'no',
      retryable: false,
    })
  }
  if (code === 'UND_ERR_HEADERS_OVERFLOW' || code === 'HPE_HEADER_OVERFLOW') {
    return make('protocol', `${provider} answered with too many headers`, { retryable: false, billed: 'yes' })
  }
  if (!isCut(cause) && (code?.startsWith('HPE_') || isOfParser(cause)))
    return make('protocol', `${provider} answered with something that is not HTTP`, {})
  if (stage === 'connect') {
    const why = code === 'ENOTFOUND' ? 'its host name does not exist; check baseURL' : 'check the network and baseURL'
    return make('network', `no connection to ${provider}${code === undefined ? '' : ` (${code})`}; ${why}`, {
      phase: 'connect',
      billed: 'no',
      retryable: code !== 'ENOTFOUND',
    })
  }
  if (stage === 'headers') {
    return make('network', `${provider} closed the connection before it answered`, { phase: 'headers' })
  }
  return make('stream_truncated', `${provider} closed the connection in the middle of its answer`, {})
}

/** The code of an error or of what lies below it. */
export function errorCode(error: unknown): string | undefined {
  for (let at = error, depth = 0; typeof at === 'object' && at !== null && depth < 4; depth++) {
    const { code, cause, errors } = at as { code?: unknown; cause?: unknown; errors?: unknown } // any error may have these
    if (typeof code === 'string') return code
    at = cause ?? (Array.isArray(errors) ? errors[0] : undefined)
  }
  return undefined
}

const TLS = /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(VERIFY|GET_ISSUER)|HOSTNAME_MISMATCH|EPROTO)/

const UNMADE = /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/

/** The status with which a proxy refused to open a tunnel; a fetch over undici tells it only in words. */
function proxyAnswer(cause: unknown): number | undefined {
  if (cause instanceof TunnelRefused) return cause.status
  if (!(cause instanceof Error)) return undefined
  const match = /^Proxy response \((\d{3})\)/.exec(cause.message)
  return match === null ? undefined : Number(match[1])
}

function isOfParser(cause: unknown): cause is Error {
  return cause instanceof Error && cause.name === 'HTTPParserError'
}

/** What came was HTTP, and ended in the middle; only the parser's own words tell it from other nonsense. */
function isCut(cause: unknown): boolean {
  return isOfParser(cause) && cause.message.includes('Invalid EOF state')
}
