import { inspect } from 'node:util'
import { startEmulator } from '@wayfare/emulator'
import type { Reply } from '@wayfare/emulator'
import { LLMError, createLLM, fromEnv } from '@wayfare/llm'
import type { LLM, Provider } from '@wayfare/llm'
import { describe, expect, test } from 'vitest'
import { canaryPrompt, expectNoCanary } from './kit/canary.ts'
import { observe } from './kit/observe.ts'
import { faces, repeat, rescuerOf } from './kit/refusal.ts'
import { canaryKey, providerOf, wireNamed, wires } from './kit/wires.ts'
import type { Wire } from './kit/wires.ts'

describe.each(wires)('$name', (wire) => {
  const broken = [
    ['a newline', `${canaryKey}\nx-more: 1`],
    ['a carriage return', `${canaryKey}\r\nx`],
    ['a NUL', `${canaryKey}\0`],
    ['a letter beyond ASCII', `${canaryKey}é`],
    ['an emoji', `${canaryKey}👋`],
    ['a space', `${canaryKey} ${canaryKey}`],
    ['513 characters', canaryKey.repeat(22).slice(0, 513)],
  ] as const

  test.each(broken)(`X01 ${wire.name}: a key with %s is refused where it is written, unquoted`, (_, apiKey) => {
    const error = thrownBy(() => wire.make({ baseURL: 'https://api.invalid/v1', apiKey }))
    expect(error).toMatchObject({ kind: 'config', provider: wire.name, billed: 'no' })
    expect(error.message).toContain('invalid characters')
    expectNoCanary(error)
  })

  test.each(broken)(
    `X01 ${wire.name}: a key with %s that a function gives is refused before anything is sent`,
    async (_, apiKey) => {
      const bad: Wire = { ...wire, make: (options) => wire.make({ ...options, apiKey: () => apiKey }) }
      for (const face of faces) {
        // Another provider is no way out of a mistake that its programmer should hear of.
        const seen = await observe(face, { wire: bad, replies: [], fallback: rescuerOf(wire) })
        expect(seen.error).toMatchObject({ kind: 'config', provider: wire.name, retryable: false })
        expect(seen.requests).toEqual([])
        expect(seen.bookedUsd).toBe(0)
        expect(seen.attempts).toMatchObject([{ kind: 'config', billed: 'no', costUsd: 0 }])
      }
    },
  )

  test(`X01 ${wire.name}: a key with a line's end behind it works`, async () => {
    const clumsy: Wire = { ...wire, make: (options) => wire.make({ ...options, apiKey: `${canaryKey}\n` }) }
    const seen = await observe('complete', { wire: clumsy, replies: [{ text: 'Fine.' }] })
    expect(seen.response?.text).toBe('Fine.')
  })

  test(`X02 ${wire.name}: neither a provider nor a client shows its key, before and after a call`, async () => {
    await using emulator = await startEmulator()
    const provider = providerOf(wire, emulator)
    const llm = createLLM({ providers: [provider], model: { provider: wire.name, model: wire.model } })
    const all: readonly unknown[] = [provider, llm, llm.with({ system: 'x' }), llm.models, llm.costs]
    for (const one of all) expectNoCanary(one)
    const stream = llm.stream({ messages: canaryPrompt, maxOutputTokens: 50 })
    const response = await stream.response()
    for (const one of [...all, stream]) expectNoCanary(one)
    expectNoCanary(response)
    // What stands in plain fields, symbols and prototypes included.
    for (const one of all) expectUnreachable(one)
    await llm.close()
    expect(JSON.stringify(emulator.requests[0]?.headers)).toContain(canaryKey)
  })

  test.each(['a\r\nx-injected: 1', 'a\nb', 'a\rb', 'a\0b', 'a👋'])(
    `X03 ${wire.name}: a header value %j is refused, and nothing is sent`,
    async (value) => {
      await using emulator = await startEmulator()
      const headers = { 'x-own': `${canaryKey}${value}` }
      const make = (): unknown => wire.make({ baseURL: emulator.baseURL(wire.wire), apiKey: canaryKey, headers })
      const error = thrownBy(make)
      expect(error).toMatchObject({ kind: 'config', provider: wire.name, billed: 'no' })
      expect(error.message).toContain('x-own')
      expectNoCanary(error)
      expect(emulator.requests).toEqual([])
    },
  )

  test.each(['a b', 'a\r\nb', 'a:', ''])(
    `X03 ${wire.name}: a header name %j is refused, and nothing is sent`,
    (name) => {
      const options = { baseURL: 'https://api.invalid/v1', apiKey: canaryKey, headers: { [name]: canaryKey } }
      const error = thrownBy(() => wire.make(options))
      expect(error).toMatchObject({ kind: 'config', provider: wire.name })
      expectNoCanary(error)
    },
  )

  test.each([
    ['credentials', `https://user:${canaryKey}@api.invalid/v1`],
    ['a user', `https://${canaryKey}@api.invalid/v1`],
    ['the file scheme', `file:///home/${canaryKey}`],
    ['the ftp scheme', `ftp://api.invalid/${canaryKey}`],
    ['plain http to elsewhere', `http://api.invalid/${canaryKey}`],
    ['a query', `https://api.invalid/v1?key=${canaryKey}`],
    ['a fragment', `https://api.invalid/v1#${canaryKey}`],
    ['no URL at all', `//${canaryKey}`],
    ['a script', `javascript:${canaryKey}`],
  ])(`X04 ${wire.name}: a baseURL with %s is refused and not echoed`, (_, baseURL) => {
    const error = thrownBy(() => wire.make({ baseURL, apiKey: canaryKey }))
    expect(error).toMatchObject({ kind: 'config', provider: wire.name, billed: 'no' })
    expect(error.message).toContain('baseURL')
    expect(error.message).not.toContain('api.invalid')
    expectNoCanary(error)
  })

  const { type, body } = echoes(wire)

  test.each<[string, Reply]>([
    ['in its message', { status: 401, error: { body: body(`Incorrect API key provided: ${canaryKey}. Look.`) } }],
    ['cut short', { status: 401, error: { body: body(`Incorrect API key provided: ${canaryKey.slice(0, 14)}***`) } }],
    ['as a bearer', { status: 401, error: { body: body(`no such Authorization: Bearer ${canaryKey}`) } }],
    ['in a URL', { status: 401, error: { body: body(`GET /v1?key=${canaryKey}&x=1`) } }],
    ['as a page', { status: 401, error: { body: `<html>${canaryKey}</html>`, contentType: 'text/html' } }],
    ['as plain text', { status: 401, error: { body: canaryKey } }],
    ['as a code', { status: 401, error: { body: { error: { code: canaryKey, type: canaryKey, message: 'No.' } } } }],
    ['as the id of the request', { error: 'auth', headers: { 'x-request-id': canaryKey, 'request-id': canaryKey } }],
  ])(`X05 ${wire.name}: a key that the server echoes %s is redacted everywhere`, async (_, reply) => {
    const seen = await observe('events', { wire, replies: [reply] })
    expect(seen.error).toMatchObject({ kind: 'auth', provider: wire.name, billed: 'no' })
    expectRedacted(seen.error)
    expect(seen.bookedUsd).toBe(0)
    for (const attempt of seen.attempts) expectNoCanary(attempt)
    for (const event of seen.events) expectNoCanary(event)
  })

  test(`X05 ${wire.name}: the words around the key stay`, async () => {
    const said = `Incorrect API key provided: ${canaryKey}. Look.`
    const seen = await observe('complete', { wire, replies: [{ status: 401, error: { body: body(said) } }] })
    expect(seen.error?.details.providerMessage).toBe('Incorrect API key provided: [redacted]. Look.')
  })

  test(`X05 ${wire.name}: a key inside an error with status 200 is redacted`, async () => {
    const whole: Reply = { status: 200, error: { body: body(`bad key ${canaryKey}`) } }
    const seen = await observe('complete', { wire, replies: repeat(whole, 3) })
    expect(seen.error?.details.providerMessage).toBe('bad key [redacted]')
    expectRedacted(seen.error)
    const line = wire.format === 'sse' ? `event: error\ndata: ${JSON.stringify(body(`bad key ${canaryKey}`))}\n\n` : ''
    const text = line === '' ? `${JSON.stringify(body(`bad key ${canaryKey}`))}\n` : line
    const streamed: Reply = { status: 200, error: { body: text, contentType: type } }
    const broken = await observe('events', { wire, replies: repeat(streamed, 3) })
    expect(broken.error?.details.providerMessage).toBe('bad key [redacted]')
    expectRedacted(broken.error)
  })

  test(`X05 ${wire.name}: a redirect to a place named like the key is not told`, async () => {
    const headers = { location: `https://${canaryKey}.example.com/?key=${canaryKey}` }
    const seen = await observe('complete', { wire, replies: [{ status: 302, error: { body: '' }, headers }] })
    expect(seen.error?.kind).toBe('redirect')
    expectRedacted(seen.error)
  })
})

test('X05 ollama: a model named like the key is not told', async () => {
  const reply: Reply = { status: 404, error: { body: { error: `model '${canaryKey}' not found` } } }
  const seen = await observe('complete', { wire: wireNamed('ollama'), replies: [reply] })
  expect(seen.error?.kind).toBe('model_not_found')
  expectRedacted(seen.error)
})

test("X05 openrouter: a key in the host's own words is redacted", async () => {
  const metadata = { raw: { error: { message: `bad key ${canaryKey}` } }, provider_name: 'Host' }
  const reply: Reply = { status: 401, error: { body: { error: { code: 401, message: 'No.', metadata } } } }
  const seen = await observe('complete', { wire: wireNamed('openrouter'), replies: [reply] })
  expect(seen.error?.details.providerMessage).toContain('bad key [redacted]')
  expectRedacted(seen.error)
})

test('X02 openai: a client from the environment shows no key', async () => {
  const wire = wireNamed('openai')
  await using emulator = await startEmulator()
  const env = { OPENAI_API_KEY: canaryKey, WAYFARE_MODEL: `${wire.name}/${wire.model}` }
  const llm: LLM = await fromEnv({ env, providers: [providerOf(wire, emulator)] })
  expectNoCanary(llm)
  expectUnreachable(llm)
})

test('X02 anthropic: what a health check and a list of models tell shows no key', async () => {
  const wire = wireNamed('anthropic')
  await using emulator = await startEmulator({ keys: ['sk-another-key-0001'] })
  const provider: Provider = providerOf(wire, emulator)
  const llm = createLLM({ providers: [provider], model: { provider: wire.name, model: wire.model } })
  const health = await llm.health()
  const { errors } = await llm.models.list()
  expect(health[wire.name]).toMatchObject({ ok: false })
  expect(errors).toHaveLength(1)
  expectNoCanary(health)
  expectNoCanary(errors)
  expectRedacted(errors[0])
  await llm.close()
})

function thrownBy(make: () => unknown): LLMError {
  try {
    make()
  } catch (error) {
    if (LLMError.is(error)) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

/** In what a log shows, and in what must be asked for. */
function expectRedacted(error: LLMError | undefined): void {
  expectNoCanary(error)
  const parts = [error?.message, error?.code, error?.requestId, error?.details.providerMessage, String(error?.cause)]
  expect(parts.join('\n')).not.toContain(canaryKey.slice(0, 12))
}

/** Walks what can be reached without a debugger: own and inherited fields, symbols, getters. */
function expectUnreachable(value: unknown): void {
  const seen = new Set<unknown>()
  const walk = (at: unknown, path: string): void => {
    if (typeof at === 'string') expect(at, path).not.toContain(canaryKey)
    if ((typeof at !== 'object' && typeof at !== 'function') || at === null || seen.has(at) || seen.size > 20_000)
      return
    seen.add(at)
    if (at instanceof Map) for (const [key, one] of at) walk([key, one], `${path}<map>`)
    if (at instanceof Set) for (const one of at) walk(one, `${path}<set>`)
    for (const key of Reflect.ownKeys(at)) {
      const field = Object.getOwnPropertyDescriptor(at, key)
      if (field !== undefined && 'value' in field) walk(field.value, `${path}.${String(key)}`)
    }
  }
  walk(value, '')
  expect(inspect(value, { depth: null, showHidden: true, getters: true })).not.toContain(canaryKey)
}

/** An error in the vendor's form, and the type of its streams. */
function echoes({ name, format }: Wire): { type: string; body: (message: string) => unknown } {
  const type = format === 'sse' ? 'text/event-stream' : 'application/x-ndjson'
  switch (name) {
    case 'anthropic':
      return { type, body: (message) => ({ type: 'error', error: { type: 'authentication_error', message } }) }
    case 'google':
      return { type, body: (message) => ({ error: { code: 401, message, status: 'UNAUTHENTICATED' } }) }
    case 'ollama':
      return { type, body: (error) => ({ error }) }
    default:
      return { type, body: (message) => ({ error: { message, type: 'invalid_request_error', code: 401 } }) }
  }
}
