import { anthropic } from '@wayfare/anthropic'
import { startEmulator, type Emulator } from '@wayfare/emulator'
import { providerCases, type WireSamples } from '@wayfare/provider-kit/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { record } from '../src/record/session.ts'
import { source } from '../src/record/source.ts'
import { strippedHeaders, strippedText } from '../src/record/strip.ts'

const key = 'sk-ant-canary-7f3a9c51d2e8'

describe('what is stripped', () => {
  test.each([
    ['the key', `{"message":"Incorrect key ${key}."}`, '{"message":"Incorrect key removed."}'],
    [
      'a masked key',
      `{"message":"Incorrect key ${key.slice(0, 7)}****${key.slice(-4)}."}`,
      '{"message":"Incorrect key removed."}',
    ],
    [
      'an organization',
      '{"organization":"acme","organization_id": "o1","x":1}',
      '{"organization":"removed","organization_id":"removed","x":1}',
    ],
    ['ids of accounts', 'org-AbCdEf123456 and proj_abcdef99 and user-12345678', 'removed and removed and removed'],
    [
      'a request id',
      '{"type":"error","request_id":"req_011CSHoEeqs5C35K2UUqR7Fy"}',
      '{"type":"error","request_id":"removed"}',
    ],
    ['addresses', 'ada@example.com from 203.0.113.7', 'removed from removed'],
    ['carriage returns', 'data: 1\r\n\r\n', 'data: 1\n\n'],
  ])('%s', (_, text, stripped) => {
    expect(strippedText(text, key)).toBe(stripped)
  })

  test('text of the answer stays as it is', () => {
    const text = 'data: {"id":"msg_01ABC","text":"Hé👋lo, wörld","version":"0.12.0"}\n\n'
    expect(strippedText(text, key)).toBe(text)
  })

  test('headers that say whose the answer is', () => {
    const headers = new Headers({
      'content-type': 'text/event-stream',
      'retry-after': '2',
      'openai-organization': 'acme',
      'set-cookie': 'a=b',
      'x-request-id': 'r1',
    })
    expect(strippedHeaders(headers)).toEqual({ 'content-type': 'text/event-stream', 'retry-after': '2' })
  })
})

describe('a session', () => {
  let emulator: Emulator
  beforeAll(async () => {
    emulator = await startEmulator({ keys: [key] })
    emulator.answer('anthropic', ({ body }) =>
      JSON.stringify(body ?? {}).includes('"tools"')
        ? { toolCalls: [{ name: 'weather', input: { city: 'Nîmes 👋' } }] }
        : { text: 'Hé👋lo, wörld', reasoning: 'Grüße 👋, I think.' },
    )
  })
  afterAll(() => emulator.close())

  test('makes samples that the suite plays', async () => {
    const told: string[] = []
    const model = 'claude-sonnet-5'
    const baseURL = emulator.baseURL('anthropic')
    const samples = await record({ factory: anthropic, apiKey: key, baseURL, model, tell: (line) => told.push(line) })
    expect([...samples.keys()]).toEqual([
      'text',
      'json_body',
      'reasoning',
      'tool_call',
      'finish_length',
      'auth',
      'models',
    ])
    expect(told[0]).toBe('text: 200')
    expect(told).toContain('not_found: not refused, so left out')
    expect(samples.get('auth')?.status).toBe(401)
    const written = source(samples, 'anthropic', model)
    expect(written).toContain('export const recorded')
    expect(written).not.toContain('canary')
    expect(written).not.toMatch(/req_\w{6}/)

    const recorded = Object.fromEntries([...samples].map(([name, sample]) => [name, sample]))
    const wire: WireSamples = {
      name: 'anthropic',
      model,
      stream: 'sse',
      terminator: /"type":"message_stop"/,
      answers: {
        ...recorded,
        text: { ...recorded['text'], body: recorded['text']?.body, expect: { parts: [{}, {}] } },
      },
      requests: {},
    }
    for (const name of ['reasoning', 'tool_call', 'auth', 'models', 'dropped_last_content']) {
      await providerCases({ provider: anthropic, wire })
        .find((one) => one.name === name)
        ?.run()
    }
  })

  test('tells what was not answered', async () => {
    const told: string[] = []
    const tell = (line: string): void => void told.push(line)
    const chat = (): never => {
      throw new Error('no network')
    }
    const samples = await record({ factory: () => ({ name: 'x', chat }), apiKey: key, model: 'm', tell })
    expect(samples.size).toBe(0)
    expect(told[0]).toBe('text: nothing was answered: no network')
    expect(told.at(-1)).toBe('models: nothing was answered')
  })
})
