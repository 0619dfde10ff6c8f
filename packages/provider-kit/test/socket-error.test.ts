import { LLMError } from '@wayfare/core'
import { expect, test } from 'vitest'
import { socketError, type Stage } from '../src/socket-error.ts'

const coded = (code: string): Error => Object.assign(new Error('secret words of the system'), { code })

test.each<[string, Error, Stage, object]>([
  [
    'an unknown host',
    coded('ENOTFOUND'),
    'connect',
    { kind: 'network', phase: 'connect', retryable: false, billed: 'no' },
  ],
  ['a resolver in trouble', coded('EAI_AGAIN'), 'connect', { kind: 'network', phase: 'connect', retryable: true }],
  ['a closed port', coded('ECONNREFUSED'), 'connect', { kind: 'network', code: 'ECONNREFUSED', billed: 'no' }],
  ['all addresses refused', new AggregateError([coded('ECONNREFUSED')]), 'connect', { code: 'ECONNREFUSED' }],
  ['an expired certificate', coded('CERT_HAS_EXPIRED'), 'connect', { code: 'tls', retryable: false, billed: 'no' }],
  ['a wrong host in it', coded('ERR_TLS_CERT_ALTNAME_INVALID'), 'connect', { code: 'tls', retryable: false }],
  ['a self-signed one', coded('DEPTH_ZERO_SELF_SIGNED_CERT'), 'connect', { code: 'tls', retryable: false }],
  [
    'a reset before the answer',
    coded('ECONNRESET'),
    'headers',
    { kind: 'network', phase: 'headers', billed: 'unknown' },
  ],
  ['a reset in the answer', coded('ECONNRESET'), 'body', { kind: 'stream_truncated', retryable: true }],
  ['too many headers', coded('UND_ERR_HEADERS_OVERFLOW'), 'headers', { kind: 'protocol', retryable: false }],
  [
    'a fetch that found no host',
    new TypeError('x', { cause: coded('ENOTFOUND') }),
    'headers',
    { phase: 'connect', retryable: false, billed: 'no' },
  ],
  [
    'a fetch that met a bad certificate',
    new TypeError('x', { cause: coded('CERT_HAS_EXPIRED') }),
    'headers',
    { code: 'tls', phase: 'connect', retryable: false, billed: 'no' },
  ],
  ['a refusal of the handshake', coded('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'), 'headers', { code: 'tls' }],
  ['a proxy in trouble', new Error('Proxy response (502) !== 200'), 'connect', { code: 'proxy', retryable: true }],
  ['a proxy that wants a password', new Error('Proxy response (407) !== 200'), 'connect', { retryable: false }],
])('%s', (_, cause, stage, expected) => {
  const error = socketError(cause, stage, { provider: 'acme' })
  expect(LLMError.is(error)).toBe(true)
  expect(error).toMatchObject({ provider: 'acme', ...expected })
  expect(error.message).not.toContain('secret words')
  expect(error.cause).toBe(cause)
})
