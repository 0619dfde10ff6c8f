// oxlint-disable vitest/expect-expect -- expectUnreachable expects
import { describe, expect, test } from 'vitest'
import { closedPort, front, pass, tlsFront } from './kit/front.ts'
import type { Front } from './kit/front.ts'
import { makeAuthority, selfSigned } from './kit/certificates.ts'
import { trusting, withHosts } from './kit/hosts.ts'
import { observe } from './kit/observe.ts'
import { faces } from './kit/refusal.ts'
import { inTurn } from './kit/turns.ts'
import { at, expectUnreachable, rerouted } from './kit/unreachable.ts'
import { wires } from './kit/wires.ts'
import type { Wire } from './kit/wires.ts'

const nowhere = 'http://nowhere.localhost:8080'
const overFetch = (wire: Wire): Wire => rerouted(wire, () => ({ fetch }))

describe.each(wires)('$name', (wire) => {
  describe.each([
    ['over sockets', wire],
    ['over fetch', overFetch(wire)],
  ])('%s', (over, direct) => {
    test(`N01 ${wire.name}: a host that does not exist is not asked for again ${over} (injected)`, async () => {
      await withHosts({ 'nowhere.localhost': 'ENOTFOUND' }, () =>
        expectUnreachable(rerouted(direct, at(nowhere)), {
          kind: 'network',
          facts: { phase: 'connect', code: 'ENOTFOUND', retryable: false },
          tries: 1,
        }),
      )
    })

    test(`N01 ${wire.name}: a resolver in trouble is asked again ${over} (injected)`, async () => {
      await withHosts({ 'nowhere.localhost': 'EAI_AGAIN' }, () =>
        expectUnreachable(rerouted(direct, at(nowhere)), {
          kind: 'network',
          facts: { phase: 'connect', code: 'EAI_AGAIN', retryable: true },
          tries: 3,
        }),
      )
    })

    test(`N02 ${wire.name}: a closed port costs nothing and is tried again ${over}`, async () => {
      await using closed = await closedPort()
      await expectUnreachable(rerouted(direct, at(`http://127.0.0.1:${closed.port}`)), {
        kind: 'network',
        facts: { phase: 'connect', code: 'ECONNREFUSED', retryable: true },
        tries: 3,
      })
    })
  })

  test(`N11 ${wire.name}: the good one of two addresses is found, and nobody notices (injected)`, async () => {
    await withHosts({ 'dual.localhost': ['::1', '127.0.0.1'] }, async () => {
      // The emulator listens on 127.0.0.1 alone.
      const dual = rerouted(wire, (baseURL) => ({ baseURL: baseURL.replace('127.0.0.1', 'dual.localhost') }))
      for (const face of inTurn(wire, faces)) {
        const seen = await observe(face, { wire: dual, replies: [{ text: 'Found.' }] })
        expect(seen.shown).toBe('Found.')
        expect(seen.attempts).toMatchObject([{ outcome: 'ok', billed: 'yes' }])
        expect(seen.attempts[0]?.usage.output).toBeGreaterThan(0)
        expect(seen.requests).toHaveLength(1)
        expect(seen.waits).toEqual([])
      }
    })
  })

  const patience = { timeout: { connectMs: 15 } }
  const late = { phase: 'connect', retryable: true } as const

  test(`N03 ${wire.name}: a host that is never found is given up after connectMs (injected)`, async () => {
    await withHosts({ 'nowhere.localhost': 'silence' }, () =>
      expectUnreachable(rerouted(wire, at(nowhere)), { kind: 'timeout', facts: late, tries: 3, options: patience }),
    )
  })

  test(`N03 ${wire.name}: a server that never shakes hands is given up after connectMs, socket and all`, async () => {
    await using mute = await front((socket) => socket.resume())
    const there = rerouted(wire, at(`https://127.0.0.1:${mute.port}`))
    await expectUnreachable(there, { kind: 'timeout', facts: late, tries: 3, options: patience })
    expect(mute.connections).toBeGreaterThan(0)
    await mute.quiet()
  })

  test.each([
    ['expired', 'CERT_HAS_EXPIRED', () => authority.issue(host, { until: new Date('2002-01-01T00:00:00Z') })],
    ['of another host', 'ERR_TLS_CERT_ALTNAME_INVALID', () => authority.issue('other.test')],
    ['self-signed', 'DEPTH_ZERO_SELF_SIGNED_CERT', () => selfSigned(host)],
  ])(`N04 ${wire.name}: a certificate that is %s is refused, and the message says why`, async (_, check, make) => {
    await using server = await tlsFront(make(), () => 9)
    const facts = { phase: 'connect', code: 'tls', retryable: false, message: expect.stringContaining(check) } as const
    const there = rerouted(wire, at(`https://${host}:${server.port}`))
    await secured(() => expectUnreachable(there, { kind: 'network', facts, tries: 1 }))
    expect(server.connections).toBeGreaterThan(0)
    await server.quiet()
  })

  test(`N04 ${wire.name}: a good certificate of a trusted authority is accepted`, async () => {
    let emulated = 0
    await using server = await tlsFront(authority.issue(host), () => emulated)
    const there = rerouted(wire, (baseURL) => {
      emulated = Number(new URL(baseURL).port)
      return at(`https://${host}:${server.port}`)(baseURL)
    })
    await secured(async () => {
      const seen = await observe('events', { wire: there, replies: [{ text: 'Good.' }] })
      expect(seen.shown).toBe('Good.')
    })
    await server.quiet()
  })

  test.each([
    [407, false, 1],
    [502, true, 3],
  ] as const)(`N12 ${wire.name}: a proxy that answers %d is named`, async (status, retryable, tries) => {
    await using proxy = await front((socket) =>
      socket.once('data', () => socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`)),
    )
    const through = rerouted(wire, (baseURL) => ({ ...at(`https://${host}`)(baseURL), proxy: urlOf(proxy) }))
    const facts = {
      phase: 'connect',
      code: 'proxy',
      retryable,
      message: expect.stringContaining(String(status)),
    } as const
    await expectUnreachable(through, { kind: 'network', facts, tries })
    await proxy.quiet()
  })

  test(`N12 ${wire.name}: a proxy that opens the tunnel carries the call, and no socket of it is left`, async () => {
    let emulated = 0
    const asked: string[] = []
    await using server = await tlsFront(authority.issue(host), () => emulated)
    await using proxy = await front((socket) =>
      socket.once('data', (head: Buffer) => {
        asked.push(String(head).split('\r\n', 1)[0]!)
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        pass(socket, server.port)
      }),
    )
    const through = rerouted(wire, (baseURL) => {
      emulated = Number(new URL(baseURL).port)
      return { ...at(`https://${host}`)(baseURL), proxy: urlOf(proxy) }
    })
    await trusting(authority.cert, async () => {
      const seen = await observe('events', {
        wire: through,
        replies: [{ text: 'One two.', fault: { after: 1, kind: 'cut' } }, { text: 'Through.' }],
      })
      expect(seen.shown).toBe('Through.')
      expect(seen.attempts.map(({ outcome }) => outcome)).toEqual(['failed', 'ok'])
    })
    expect(asked).toEqual([`CONNECT ${host}:443 HTTP/1.1`, `CONNECT ${host}:443 HTTP/1.1`])
    await proxy.quiet()
    await server.quiet()
  })
})

const host = 'api.test'
const authority = makeAuthority()

/** Where the host exists and its authority is trusted. */
function secured(play: () => Promise<void>): Promise<void> {
  return withHosts({ [host]: ['127.0.0.1'] }, () => trusting(authority.cert, play))
}

function urlOf(proxy: Front): string {
  return `http://127.0.0.1:${proxy.port}`
}
