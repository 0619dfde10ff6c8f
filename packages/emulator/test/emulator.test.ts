import { describe, expect, test, vi } from 'vitest'
import { startEmulator } from '../src/index.ts'
import { ask, at, headers, httpRequest, smallest, spoken, wireNames } from './client.ts'
import { listen } from './socket.ts'

test('listens on loopback, on a port of its own', async () => {
  await using one = await startEmulator()
  await using two = await startEmulator()
  expect(one.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  expect(one.url).not.toBe(two.url)
})

test('rejects when the port is taken', async () => {
  await using first = await startEmulator()
  await expect(startEmulator({ port: Number(new URL(first.url).port) })).rejects.toThrow(/EADDRINUSE/)
})

test('replies come in the order of the queue, each wire with its own', async () => {
  await using emulator = await startEmulator()
  emulator.enqueue('openai', { text: 'first' }, { text: 'second' })
  emulator.enqueue('anthropic', { text: 'other' })
  const said: string[] = []
  for (const wire of ['openai', 'anthropic', 'openai'] as const) {
    said.push(spoken(wire, await (await ask(emulator, wire)).text()).text)
  }
  expect(said).toEqual(['first', 'other', 'second'])
})

test('a replier is asked when the queue is empty, with the request', async () => {
  await using emulator = await startEmulator()
  emulator.answer('openai', (request) => (request.model === 'gpt-4.1' ? { text: `${request.wire} heard` } : undefined))
  emulator.enqueue('openai', { text: 'queued' })
  const ask41 = async (): Promise<string> =>
    spoken('openai', await (await ask(emulator, 'openai', { model: 'gpt-4.1' })).text()).text
  expect([await ask41(), await ask41()]).toEqual(['queued', 'openai heard'])
  expect(spoken('openai', await (await ask(emulator, 'openai')).text()).text).toBe('Hello from gpt-4o-mini.')
})

test('a replier that throws shows in the answer', async () => {
  await using emulator = await startEmulator()
  emulator.answer('openai', () => {
    throw new Error('a typo in the test')
  })
  const response = await ask(emulator, 'openai')
  expect([response.status, await response.text()]).toEqual([500, 'the emulator cannot play this: a typo in the test'])
})

test('a script that cannot be sent shows in the answer and breaks nothing else', async () => {
  await using emulator = await startEmulator()
  emulator.enqueue('openai', { headers: { 'x-bad': 'a\nb' } }, { error: 'server', headers: { 'x-bad': 'a\nb' } })
  for (const _ of [1, 2]) {
    const response = await ask(emulator, 'openai')
    expect([response.status, await response.text()]).toEqual([
      500,
      expect.stringContaining('Invalid character in header'),
    ])
  }
  expect((await ask(emulator, 'openai')).status).toBe(200)
})

test.each(['//', '/%', '/google/v1beta/models/%:generateContent', '/openai/v1?', '/a:b@c//d'])(
  'the odd path %s is answered, not fatal',
  async (path) => {
    await using emulator = await startEmulator()
    const { text } = await listen(emulator.url, `GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)
    expect(text).toMatch(/^HTTP\/1\.1 404 /)
  },
)

test('an answer waits for a chat, a failure meets whatever comes', async () => {
  await using emulator = await startEmulator()
  emulator.enqueue('openai', { text: 'for the chat' })
  const models = async (): Promise<number> =>
    (await fetch(`${emulator.baseURL('openai')}/models`, { headers: headers.openai })).status
  expect(await models()).toBe(200)
  expect(spoken('openai', await (await ask(emulator, 'openai')).text()).text).toBe('for the chat')
  emulator.enqueue('openai', { error: 'server' })
  expect([await models(), await models()]).toEqual([500, 200])
})

test('a reply for a wire that does not exist is refused at once', async () => {
  await using emulator = await startEmulator()
  // @ts-expect-error -- the type forbids it; JavaScript does not
  expect(() => emulator.enqueue('openAI', {})).toThrow(
    'no wire "openAI"; wires: anthropic, openai, openrouter, google, ollama',
  )
  // @ts-expect-error -- the same
  expect(() => emulator.answer('', () => undefined)).toThrow('no wire ""')
})

test('a replier that answers every request is not asked to list models', async () => {
  await using emulator = await startEmulator()
  emulator.answer('openai', () => ({ text: 'always' }))
  const response = await fetch(`${emulator.baseURL('openai')}/models`, { headers: headers.openai })
  expect(await response.json()).toMatchObject({ object: 'list' })
})

test('google streams server-sent events only', async () => {
  await using emulator = await startEmulator()
  const url = `${emulator.baseURL('google')}/models/gemini-2.5-flash:streamGenerateContent`
  expect((await fetch(url, { method: 'POST', headers: headers.google, body: '{}' })).status).toBe(404)
})

test('records what it received', async () => {
  await using emulator = await startEmulator()
  await (await ask(emulator, 'openrouter', { headers: { 'X-Title': 'Test' }, stream: false })).text()
  expect(emulator.requests).toMatchObject([
    {
      wire: 'openrouter',
      method: 'POST',
      path: '/openrouter/api/v1/chat/completions',
      headers: { 'x-title': 'Test', authorization: 'Bearer key' },
      body: { model: 'openai/gpt-5-mini', messages: [{ role: 'user', content: 'Hi' }] },
      model: 'openai/gpt-5-mini',
      stream: false,
      status: 200,
      closedEarly: false,
    },
  ])
})

test('knows that google names its model and its stream in the path', async () => {
  await using emulator = await startEmulator()
  await (await ask(emulator, 'google')).text()
  expect(emulator.requests).toMatchObject([{ model: 'gemini-2.5-flash', stream: true, query: 'alt=sse' }])
})

test('ollama streams unless told not to, and loads a model that has nothing to answer', async () => {
  await using emulator = await startEmulator()
  const post = async (body: object): Promise<string> =>
    (await fetch(`${emulator.baseURL('ollama')}/api/chat`, { method: 'POST', body: JSON.stringify(body) })).text()
  expect(await post({ model: 'm', messages: [{ role: 'user', content: 'x' }] })).toMatch(/"done":false.*\n/)
  expect(JSON.parse(await post({ model: 'm', messages: [] }))).toMatchObject({ done: true, done_reason: 'load' })
})

test('forgets everything at a reset', async () => {
  await using emulator = await startEmulator()
  await (await ask(emulator, 'openai')).text()
  emulator.enqueue('openai', { error: 'server' })
  emulator.answer('openai', () => ({ error: 'auth' }))
  emulator.reset()
  expect(emulator.requests).toEqual([])
  expect((await ask(emulator, 'openai')).status).toBe(200)
})

test('sees that a client went away, and only then', async () => {
  await using emulator = await startEmulator()
  emulator.enqueue('openai', { text: 'a b c', paceMs: 5_000 }, {})
  await listen(emulator.url, httpRequest(emulator, 'openai'), (text, close) => {
    if (text.includes('"a "')) close()
  })
  await (await ask(emulator, 'openai')).text()
  await vi.waitFor(() => expect(emulator.requests.map((request) => request.closedEarly)).toEqual([true, false]))
})

test('closing ends every connection, busy or idle, and leaves nothing', async () => {
  const emulator = await startEmulator()
  emulator.enqueue('openai', { fault: { after: 1, kind: 'stall' } }, { delayMs: 60_000 }, { paceMs: 60_000 })
  const busy = [1, 2, 3].map(async () => listen(emulator.url, httpRequest(emulator, 'openai')))
  await vi.waitFor(() => expect(emulator.requests).toHaveLength(3))
  expect(emulator.openSockets).toBe(3)
  await emulator.close()
  await Promise.all(busy)
  expect(emulator.openSockets).toBe(0)
  expect(emulator.requests.every((request) => !request.closedEarly)).toBe(true)
  await expect(fetch(emulator.url)).rejects.toThrow('fetch failed')
  await emulator.close()
})

test('a path of no wire says where the wires are', async () => {
  await using emulator = await startEmulator()
  const response = await fetch(`${emulator.url}/v1/chat/completions`)
  expect(response.status).toBe(404)
  expect(await response.text()).toContain('/openai/v1')
})

describe.each(wireNames)('%s', (wire) => {
  test('has no other paths than its own', async () => {
    await using emulator = await startEmulator()
    const response = await fetch(`${emulator.baseURL(wire)}/nothing`, { headers: headers[wire] })
    expect(response.status).toBe(404)
    expect(await response.text()).toContain('"error"')
    expect(emulator.requests).toMatchObject([{ refusedBy: 'path', status: 404 }])
  })

  test('refuses what is not JSON', async () => {
    await using emulator = await startEmulator()
    const path = { anthropic: '/messages', google: '/models/m:generateContent', ollama: '/api/chat' } as Record<
      string,
      string
    >
    const response = await fetch(emulator.baseURL(wire) + (path[wire] ?? '/chat/completions'), {
      method: 'POST',
      headers: headers[wire],
      body: '{"half',
    })
    expect(response.status).toBe(400)
    expect(emulator.requests).toMatchObject([{ body: '{"half', refusedBy: 'json' }])
  })

  test('refuses a broken request before it looks at the queue, unless told not to', async () => {
    await using strict = await startEmulator()
    await using lenient = await startEmulator({ validate: false })
    const body = { ...smallest[wire].body, made_up: 1 }
    strict.enqueue(wire, { text: 'kept' })
    const refused = await ask(strict, wire, { body })
    expect(refused.status).toBe(400)
    expect(await refused.text()).toContain('made_up')
    expect(strict.requests).toMatchObject([{ refusedBy: 'unknown_field', status: 400 }])
    expect(spoken(wire, await (await ask(strict, wire)).text()).text).toBe('kept')
    expect((await ask(lenient, wire, { body })).status).toBe(200)
  })
})

test.each(wireNames.filter((wire) => wire !== 'ollama'))('%s wants a key', async (wire) => {
  await using emulator = await startEmulator({ keys: ['right'] })
  const keyed = (key: string): Record<string, string> =>
    wire === 'anthropic'
      ? { 'x-api-key': key }
      : wire === 'google'
        ? { 'x-goog-api-key': key }
        : { authorization: `Bearer ${key}` }
  const wrong = await ask(emulator, wire, { headers: keyed('wrong') })
  expect(wrong.status).toBe(wire === 'google' ? 400 : 401)
  expect((await ask(emulator, wire, { headers: keyed('') })).status).toBe(401)
  expect((await ask(emulator, wire, { headers: keyed('right') })).status).toBe(200)
  expect(emulator.requests.map((request) => request.refusedBy)).toEqual(['key', 'key', undefined])
})

test('ollama wants no key, but not a wrong one either', async () => {
  await using emulator = await startEmulator({ keys: ['right'] })
  expect((await ask(emulator, 'ollama')).status).toBe(200)
  expect((await ask(emulator, 'ollama', { headers: { authorization: 'Bearer wrong' } })).status).toBe(401)
})

test('without validation a key is asked for only where keys are named', async () => {
  await using open = await startEmulator({ validate: false })
  await using closed = await startEmulator({ validate: false, keys: ['right'] })
  const keyless = { authorization: '' }
  expect((await ask(open, 'openai', { headers: keyless })).status).toBe(200)
  expect((await ask(closed, 'openai', { headers: keyless })).status).toBe(401)
})

test.each([
  ['anthropic', '/models', 'data.0.id'],
  ['openai', '/models', 'data.0.id'],
  ['openrouter', '/models', 'data.0.pricing.prompt'],
  ['openrouter', '/key', 'data.limit_remaining'],
  ['openrouter', '/credits', 'data.total_credits'],
  ['google', '/models', 'models.0.name'],
  ['ollama', '/api/tags', 'models.0.name'],
  ['ollama', '/api/version', 'version'],
] as const)('%s answers GET %s', async (wire, path, place) => {
  await using emulator = await startEmulator()
  const body: unknown = await (await fetch(emulator.baseURL(wire) + path, { headers: headers[wire] })).json()
  expect(at(body, place)).toBeTruthy()
})

test('ollama shows what a model can do', async () => {
  await using emulator = await startEmulator()
  const response = await fetch(`${emulator.baseURL('ollama')}/api/show`, {
    method: 'POST',
    body: '{"model":"qwen3:8b"}',
  })
  expect(await response.json()).toMatchObject({ capabilities: ['completion', 'tools', 'thinking'] })
})
