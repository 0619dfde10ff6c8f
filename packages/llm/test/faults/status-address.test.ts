// oxlint-disable vitest/expect-expect -- expectRefused expects
import { createServer } from 'node:http'
import type { IncomingMessage, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startEmulator } from '@wayfare/emulator'
import type { Failure } from '@wayfare/emulator'
import { createLLM } from '@wayfare/llm'
import { describe, expect, test } from 'vitest'
import { observe } from './kit/observe.ts'
import { expectRefused } from './kit/refusal.ts'
import { canaryKey, wireNamed, wires } from './kit/wires.ts'

describe.each(wires)('$name', (wire) => {
  test(`H11 ${wire.name}: an unknown model may be known elsewhere, also by another name here`, async () => {
    await expectRefused(wire, {
      reply: { error: 'not_found' },
      kind: 'model_not_found',
      facts: { status: 404, retryable: false },
      breaker: 'nothing',
    })
    const seen = await observe('events', {
      wire,
      replies: [{ error: 'not_found' }, { text: 'By another name.' }],
      options: { fallbacks: [{ trigger: 'error', action: 'switch_model', model: `${wire.model}-next` }] },
    })
    expect(seen.response).toMatchObject({ text: 'By another name.', model: `${wire.model}-next` })
    expect(seen.requests).toHaveLength(2)
  })

  const page = `<!DOCTYPE html><html><title>404</title><body>${'nginx '.repeat(500)}</body></html>`

  test.each<Failure>([
    { status: 404, error: { body: page, contentType: 'text/html' } },
    { status: 404, error: { body: '404 page not found' } },
    { status: 404, error: { body: '' } },
  ])(`H12 ${wire.name}: 404 without JSON means a wrong baseURL, and says so (%#)`, async (reply) => {
    await expectRefused(wire, {
      reply,
      kind: 'config',
      facts: { status: 404, retryable: false, message: expect.stringMatching(/baseURL/) },
      breaker: 'nothing',
    })
    const { error } = await observe('complete', { wire, replies: [reply] })
    expect(error?.message).not.toMatch(/html|nginx/i)
    expect(error?.details.providerMessage?.length ?? 0).toBeLessThanOrEqual(200)
    if (typeof reply.error === 'object' && reply.error.body !== '')
      expect(reply.error.body).toContain(error?.details.providerMessage)
  })

  test.each<[number, Failure]>([
    [405, { error: { body: 'Method Not Allowed' } }],
    [405, { error: 'bad_request' }],
    [415, { error: { body: '<html>Unsupported Media Type</html>', contentType: 'text/html' } }],
    [415, { error: 'bad_request' }],
  ])(`H13 ${wire.name}: %i means a wrong baseURL (%#)`, async (status, reply) => {
    await expectRefused(wire, {
      reply: { ...reply, status },
      kind: 'config',
      facts: { status, retryable: false, message: expect.stringMatching(/baseURL/) },
      breaker: 'nothing',
    })
  })

  test.each([307, 308])(
    `H34 ${wire.name}: a %i to another origin is refused, and neither key nor prompt gets there`,
    async (status) => {
      await using other = await listen()
      await expectRefused(wire, {
        reply: { status, error: { body: '' }, headers: { location: `${other.url}/take-it` } },
        kind: 'redirect',
        facts: { status, retryable: false, message: expect.stringContaining(other.url) },
        breaker: 'model',
      })
      expect(other.requests).toEqual([])
    },
  )

  test(`H35 ${wire.name}: a 301 to https of the same host names the baseURL to set`, async () => {
    await expectRefused(wire, {
      reply: { status: 301, error: { body: '' }, headers: { location: 'https://127.0.0.1:8443/v1/secret?key=abc' } },
      kind: 'redirect',
      facts: {
        status: 301,
        retryable: false,
        message: expect.stringMatching(/to https:\/\/127\.0\.0\.1:8443 .*set baseURL/),
      },
      breaker: 'model',
    })
  })

  test.each(['/elsewhere', 'not a : url', undefined])(
    `H35 ${wire.name}: a redirect to %j is refused as well`,
    async (location) => {
      await expectRefused(wire, {
        reply: { status: 302, error: { body: '' }, headers: location === undefined ? {} : { location } },
        kind: 'redirect',
        facts: { status: 302, retryable: false, message: expect.stringContaining('set baseURL') },
        breaker: 'model',
      })
    },
  )
})

// A user's own fetch would follow redirects unless it is told not to.
test.each(['anthropic', 'google', 'openai'])('H34 %s: a fetch of the user does not follow either', async (name) => {
  await using other = await listen()
  const wire = wireNamed(name)
  await using emulator = await startEmulator()
  const headers = { location: `${other.url}/take-it` }
  emulator.enqueue(wire.wire, { status: 307, error: { body: '' }, headers })
  const provider = wire.make({ baseURL: emulator.baseURL(wire.wire), apiKey: canaryKey, fetch })
  const llm = createLLM({ providers: [provider], model: { provider: wire.name, model: wire.model } })
  const call = llm.complete({ messages: 'Hello?', maxOutputTokens: 50 })
  await expect(call).rejects.toMatchObject({ kind: 'redirect', retryable: false })
  expect(other.requests).toEqual([])
})

interface Listener extends AsyncDisposable {
  readonly url: string
  readonly requests: readonly IncomingMessage[]
}

/** An origin that nobody must ask for anything. */
async function listen(): Promise<Listener> {
  const requests: IncomingMessage[] = []
  const server: Server = createServer((request, response) => {
    requests.push(request)
    response.end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // listening on TCP
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
