import type { ProviderRequest } from '@wayfare/core'
import { describe, expect, test } from 'vitest'
import { buildRequest } from '../src/request.ts'
import { asking } from './asking.ts'
import { canonical, weather } from './canonical.ts'

function build(changes: Partial<ProviderRequest>): ReturnType<typeof buildRequest> {
  return buildRequest(asking(changes), 'ollama')
}

test('a whole conversation goes out in the form of /api/chat', () => {
  const request = {
    messages: canonical,
    tools: [weather],
    maxOutputTokens: 1000,
    temperature: 0.5,
    topP: 0.9,
    seed: 7,
    stop: ['END'],
    output: { name: 'answer', schema: { type: 'object' } },
    options: { options: { num_ctx: 8_192, num_predict: 9 }, keep_alive: '5m' },
  }
  expect(build(request)).toEqual({
    body: {
      model: 'qwen3:8b',
      stream: true,
      keep_alive: '5m',
      format: { type: 'object' },
      options: { num_ctx: 8_192, num_predict: 1000, temperature: 0.5, top_p: 0.9, seed: 7, stop: ['END'] },
      tools: [
        {
          type: 'function',
          function: { name: 'weather', description: 'Tells the weather.', parameters: weather.inputSchema },
        },
      ],
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'What is the weather here?', images: ['AQID'] },
        {
          role: 'assistant',
          content: 'Let me look.',
          thinking: 'A city.',
          tool_calls: [{ id: 'a', function: { index: 0, name: 'weather', arguments: { city: 'Nice' } } }],
        },
        { role: 'tool', content: 'Error: no answer', tool_name: 'weather', tool_call_id: 'a' },
        { role: 'user', content: 'And tomorrow?' },
      ],
    },
    warnings: [],
    contextTokens: 8_192,
  })
})

test('not to stream has to be said', () => {
  expect(build({ stream: false }).body).toMatchObject({ stream: false })
})

test.each<[string, ProviderRequest['reasoning'], unknown, readonly string[]]>([
  ['qwen3:8b', undefined, undefined, []],
  ['qwen3:8b', 'none', false, []],
  ['qwen3:8b', 'high', true, []],
  ['qwen3:8b', { maxTokens: 100 }, true, ['reasoning_rounded']],
  ['gpt-oss:20b', 'medium', 'medium', []],
  ['gpt-oss:20b', 'max', 'high', ['reasoning_rounded']],
  ['gpt-oss:20b', 'none', 'low', ['reasoning_rounded']],
  ['gpt-oss:20b', { maxTokens: 10_000 }, 'medium', ['reasoning_rounded']],
])('reasoning of %s at %j becomes %j', (model, reasoning, think, warned) => {
  const { body, warnings } = build({ model, reasoning })
  expect(body['think']).toEqual(think)
  expect(warnings.map(({ code }) => code)).toEqual(warned)
})

describe('tool choice', () => {
  test('none sends no tools', () => {
    expect(build({ tools: [weather], toolChoice: 'none' })).toMatchObject({ warnings: [] })
    expect(build({ tools: [weather], toolChoice: 'none' }).body).not.toHaveProperty('tools')
  })

  test.each(['required', { tool: 'weather' }] as const)('%j cannot be kept and says so', (toolChoice) => {
    const { body, warnings } = build({ tools: [weather], toolChoice })
    expect(body['tools']).toHaveLength(1)
    expect(warnings.map(({ code }) => code)).toEqual(['tool_choice_dropped'])
  })
})

describe('files', () => {
  const asked = (file: object): (() => unknown) => {
    // The parts of the table are what a user could write.
    const part = { type: 'file', mediaType: 'image/png', data: 'AQID', ...file } as never
    return () => build({ messages: [{ role: 'user', content: [part] }] })
  }

  test('by URL are unsupported, with what to do instead', () => {
    expect(asked({ data: undefined, url: 'https://example.com/a.png' })).toThrow(/pass its bytes as data/)
  })

  test('other than images are unsupported', () => {
    expect(asked({ mediaType: 'application/pdf' })).toThrow(expect.objectContaining({ kind: 'unsupported' }))
  })

  test('that a model made are left out of the history', () => {
    const { body, warnings } = build({
      messages: [{ role: 'assistant', content: [{ type: 'file', mediaType: 'image/png', data: 'AQID' }] }],
    })
    expect(body['messages']).toEqual([{ role: 'assistant', content: '' }])
    expect(warnings.map(({ code }) => code)).toEqual(['file_dropped'])
  })
})
