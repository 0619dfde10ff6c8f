import { generateKeyPairSync, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

/** What `tls.createServer` takes: a certificate and its key, as PEM. */
export interface Certificate {
  readonly cert: string
  readonly key: string
}

/** Signs certificates that whoever trusts `cert` accepts. */
export interface Authority {
  readonly cert: string
  issue(host: string, options?: { readonly until?: Date }): Certificate
}

export function makeAuthority(): Authority {
  const name = 'Wayfare Test Authority'
  const { privateKey, publicKey } = pair()
  return {
    cert: signed({ subject: name, issuer: name, publicKey, authority: true }, privateKey),
    issue: (host, { until } = {}) => {
      const own = pair()
      const fields = { subject: host, issuer: name, publicKey: own.publicKey, authority: false, until }
      return { cert: signed(fields, privateKey), key: pem(own.privateKey) }
    },
  }
}

export function selfSigned(host: string): Certificate {
  const { privateKey, publicKey } = pair()
  const cert = signed({ subject: host, issuer: host, publicKey, authority: false }, privateKey)
  return { cert, key: pem(privateKey) }
}

interface Fields {
  readonly subject: string
  readonly issuer: string
  readonly publicKey: KeyObject
  readonly authority: boolean
  readonly until?: Date | undefined
}

/** An X.509 v3 certificate, ECDSA with SHA-256. */
function signed({ subject, issuer, publicKey, authority, until }: Fields, signer: KeyObject): string {
  const algorithm = sequence(oid(1, 2, 840, 10045, 4, 3, 2))
  const extension = authority
    ? sequence(oid(2, 5, 29, 19), octets(sequence(der(0x01, Buffer.from([0xff])))))
    : sequence(oid(2, 5, 29, 17), octets(sequence(der(0x82, Buffer.from(subject)))))
  const body = sequence(
    der(0xa0, integer(2)),
    integer(++serial),
    algorithm,
    named(issuer),
    sequence(time(new Date('2001-01-01T00:00:00Z')), time(until ?? new Date('2049-12-31T00:00:00Z'))),
    named(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(extension)),
  )
  const signature = Buffer.concat([Buffer.of(0), sign('sha256', body, signer)])
  const whole = sequence(body, algorithm, der(0x03, signature))
  const lines = whole.toString('base64').replace(/.{64}/g, '$&\n')
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`
}

let serial = 1

const named = (name: string): Buffer => sequence(der(0x31, sequence(oid(2, 5, 4, 3), der(0x0c, Buffer.from(name)))))
const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, Buffer.concat(parts))
const octets = (content: Buffer): Buffer => der(0x04, content)
const integer = (value: number): Buffer => der(0x02, Buffer.of(value))
const time = (date: Date): Buffer => {
  const digits = date.toISOString().replace(/\D/g, '')
  return der(0x17, Buffer.from(`${digits.slice(2, 14)}Z`))
}

function oid(first: number, second: number, ...rest: readonly number[]): Buffer {
  const bytes = [first * 40 + second]
  for (const part of rest) {
    const septets = [part & 0x7f]
    for (let left = part >> 7; left > 0; left >>= 7) septets.unshift((left & 0x7f) | 0x80)
    bytes.push(...septets)
  }
  return der(0x06, Buffer.from(bytes))
}

/** One element: its tag, its length, its content. */
function der(tag: number, content: Buffer): Buffer {
  const { length } = content
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.of(tag, ...size), content])
}

function pair(): { privateKey: KeyObject; publicKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' })
}

function pem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString()
}
