import { LLMError } from '@wayfare/core'
import type { ProviderMessage, ProviderRequest } from '@wayfare/core'
import { describe, expect, test } from 'vitest'
import { buildRequest } from '../src/request.ts'
import { asking } from './asking.ts'
import { canonical, weather } from './canonical.ts'

function build(changes: Partial<ProviderRequest>): ReturnType<typeof buildRequest> {
  return buildRequest(asking(changes), 'anthropic')
}

function codes(changes: Partial<ProviderRequest>): readonly string[] {
  return build(changes).warnings.map(({ code }) => code)
}

test('a whole conversation goes out in the form of the Messages API', () => {
  expect(build({ messages: canonical, tools: [weather], maxOutputTokens: 1000, stop: ['END'] })).toEqual({
    body: {
      model: 'claude-sonnet-5-5',
      max_tokens: 1000,
      stream: true,
      stop_sequences: ['END'],
      system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
      tools: [{ name: 'weather', description: 'Tells the weather.', input_schema: weather.inputSchema }],
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is the weather here?' },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AQID' } },
            { type: 'document', source: { type: 'url', url: 'https://example.com/a.pdf' }, title: 'a.pdf' },
          ],
        },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'A city by the sea.', signature: 'sig' },
            { type: 'text', text: 'Let me look.' },
            { type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: 'Nice' } },
            { type: 'tool_use', id: 'toolu_2', name: 'weather', input: { city: 'Rome' } },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'toolu_1', content: 'sunny' },
            {
              type: 'tool_result',
              tool_use_id: 'toolu_2',
              content: [{ type: 'text', text: 'no answer' }],
              is_error: true,
              cache_control: { type: 'ephemeral', ttl: '1h' },
            },
            { type: 'text', text: 'And tomorrow?' },
          ],
        },
      ],
    },
    headers: {},
    warnings: [],
  })
})

describe('max_tokens', () => {
  test.each([
    ['claude-sonnet-5-5', 128_000],
    ['claude-haiku-5', 128_000],
    ['claude-opus-4-8', 128_000],
    ['claude-sonnet-4-6', 128_000],
    ['claude-haiku-4-5-20251001', 64_000],
    ['claude-opus-4-1-20250805', 32_000],
    ['claude-opus-4-20250514', 32_000],
    ['claude-sonnet-4-20250514', 64_000],
    ['claude-3-haiku-20240307', 4_096],
    ['claude-next-7', 128_000],
  ])('of %s is %i when nothing is said', (model, maxTokens) => {
    expect(build({ model }).body['max_tokens']).toBe(maxTokens)
  })

  test('beyond what the model gives is lowered with a warning', () => {
    const { body, warnings } = build({ model: 'claude-3-haiku-20240307', maxOutputTokens: 9_000 })
    expect(body['max_tokens']).toBe(4_096)
    expect(warnings[0]?.code).toBe('max_output_tokens_reduced')
  })

  test('of a model that nobody knows yet is left as asked', () => {
    expect(build({ model: 'claude-next-7', maxOutputTokens: 500_000 })).toMatchObject({
      body: { max_tokens: 500_000 },
      warnings: [],
    })
  })

  test('cannot be raised behind the back of the budget', () => {
    expect(build({ maxOutputTokens: 10, options: { max_tokens: 99 } }).body['max_tokens']).toBe(10)
  })
})

describe('reasoning', () => {
  const rounded = ['reasoning_rounded']
  const dropped = ['reasoning_dropped']
  test.each<[string, ProviderRequest['reasoning'], unknown, unknown, readonly string[]]>([
    ['claude-sonnet-5-5', undefined, undefined, undefined, []],
    ['claude-sonnet-5-5', 'high', { type: 'adaptive' }, 'high', []],
    ['claude-sonnet-5-5', 'minimal', { type: 'adaptive' }, 'low', rounded],
    ['claude-sonnet-5-5', 'none', { type: 'adaptive' }, 'low', rounded],
    ['claude-sonnet-5-5', { maxTokens: 20_000 }, { type: 'adaptive' }, 'high', rounded],
    ['claude-sonnet-5', 'none', { type: 'disabled' }, undefined, []],
    ['claude-opus-4-8', 'max', { type: 'adaptive' }, 'max', []],
    ['claude-sonnet-4-6', 'xhigh', { type: 'adaptive' }, 'high', rounded],
    ['claude-sonnet-4-6', { maxTokens: 2_000 }, { type: 'enabled', budget_tokens: 2_000 }, undefined, []],
    ['claude-haiku-4-5', 'medium', { type: 'enabled', budget_tokens: 8_192 }, undefined, []],
    ['claude-haiku-4-5', { maxTokens: 10 }, { type: 'enabled', budget_tokens: 1_024 }, undefined, rounded],
    ['claude-haiku-4-5', 'none', { type: 'disabled' }, undefined, []],
    ['claude-3-haiku-20240307', 'high', undefined, undefined, dropped],
    ['claude-3-haiku-20240307', 'none', undefined, undefined, []],
  ])('of %s at %j becomes %j', (model, reasoning, thinking, effort, warned) => {
    const { body, warnings } = build({ model, reasoning })
    expect(body['thinking']).toEqual(thinking)
    expect((body['output_config'] as { effort?: string } | undefined)?.effort).toBe(effort)
    expect(warnings.map(({ code }) => code)).toEqual(warned)
  })

  test('keeps its budget below max_tokens', () => {
    const { body, warnings } = build({ model: 'claude-haiku-4-5', reasoning: 'high', maxOutputTokens: 5_000 })
    expect(body['thinking']).toEqual({ type: 'enabled', budget_tokens: 4_999 })
    expect(warnings[0]?.code).toBe('reasoning_rounded')
  })

  test('is dropped where max_tokens leaves no room for it', () => {
    expect(codes({ model: 'claude-haiku-4-5', reasoning: 'high', maxOutputTokens: 1_000 })).toEqual([
      'reasoning_dropped',
    ])
  })

  test('is left out where a model with a budget answers calls that were made without it', () => {
    const messages = canonical.slice(0, 5)
    const unthought = messages.map((message): ProviderMessage => {
      if (message.role !== 'assistant') return message
      return { role: 'assistant', content: message.content.filter(({ type }) => type !== 'reasoning') }
    })
    const asked = { tools: [weather], reasoning: 'high' } as const
    expect(codes({ ...asked, model: 'claude-haiku-4-5', messages: unthought })).toEqual(['reasoning_dropped'])
    expect(codes({ ...asked, model: 'claude-haiku-4-5', messages })).toEqual([])
    expect(codes({ ...asked, model: 'claude-sonnet-5-5', messages: unthought })).toEqual([])
  })

  test('takes the display that the caller wants', () => {
    const options = { thinking: { display: 'summarized' } }
    expect(build({ reasoning: 'low', options }).body['thinking']).toEqual({ type: 'adaptive', display: 'summarized' })
    expect(build({ options }).body['thinking']).toEqual({ type: 'adaptive', display: 'summarized' })
  })
})

describe('sampling', () => {
  test.each<[string, Partial<ProviderRequest>, object, readonly string[]]>([
    ['claude-sonnet-5-5', { temperature: 0.5, topP: 0.9 }, {}, ['sampling_dropped', 'sampling_dropped']],
    ['claude-opus-4-7', { temperature: 0 }, {}, ['sampling_dropped']],
    ['claude-haiku-4-5', { temperature: 0 }, { temperature: 0 }, []],
    ['claude-haiku-4-5', { topP: 0.9 }, { top_p: 0.9 }, []],
    ['claude-haiku-4-5', { temperature: 0.5, topP: 0.9 }, { temperature: 0.5 }, ['sampling_dropped']],
    ['claude-haiku-4-5', { temperature: 0.5, reasoning: 'low' }, {}, ['sampling_dropped']],
    ['claude-haiku-4-5', { temperature: 1.5 }, { temperature: 1 }, ['sampling_rounded']],
    ['claude-haiku-4-5', { seed: 1 }, {}, ['sampling_dropped']],
  ])('of %s with %j becomes %j', (model, wish, sent, warned) => {
    const { temperature, top_p } = build({ model, ...wish }).body
    expect({ temperature, top_p }).toEqual(sent)
    expect(codes({ model, ...wish })).toEqual(warned)
  })
})

describe('tool choice', () => {
  test.each<[string, ProviderRequest['toolChoice'], unknown, readonly string[]]>([
    ['claude-sonnet-5', 'auto', undefined, []],
    ['claude-sonnet-5', 'none', { type: 'none' }, []],
    ['claude-sonnet-5', 'required', { type: 'any' }, []],
    ['claude-sonnet-5', { tool: 'weather' }, { type: 'tool', name: 'weather' }, []],
    ['claude-sonnet-5-5', 'required', { type: 'auto' }, ['tool_choice_dropped']],
    ['claude-fable-5-2', { tool: 'weather' }, { type: 'auto' }, ['tool_choice_dropped']],
  ])('of %s at %j becomes %j', (model, toolChoice, sent, warned) => {
    expect(build({ model, toolChoice, tools: [weather] }).body['tool_choice']).toEqual(sent)
    expect(codes({ model, toolChoice, tools: [weather] })).toEqual(warned)
  })

  test('that forces a tool wins over thinking', () => {
    const { body, warnings } = build({
      model: 'claude-sonnet-5',
      toolChoice: 'required',
      tools: [weather],
      reasoning: 'high',
    })
    expect(body).toMatchObject({ tool_choice: { type: 'any' }, thinking: { type: 'disabled' } })
    expect(warnings.map(({ code }) => code)).toEqual(['reasoning_dropped'])
  })
})

describe('structured output', () => {
  const output = { name: 'answer', schema: { type: 'object' } }

  test('is a format where the model has it', () => {
    const built = build({ output, reasoning: 'low' })
    expect(built.body['output_config']).toEqual({
      effort: 'low',
      format: { type: 'json_schema', schema: output.schema },
    })
    expect(built.outputTool).toBeUndefined()
  })

  test('is a forced tool elsewhere', () => {
    const built = build({ model: 'claude-sonnet-4-20250514', output })
    expect(built.body).toMatchObject({ tool_choice: { type: 'tool', name: 'answer' }, tools: [{ name: 'answer' }] })
    expect(built.outputTool).toBe('answer')
  })

  test('leaves other tools their turn', () => {
    const built = build({ model: 'claude-sonnet-4-20250514', output, tools: [weather] })
    expect(built.body).toMatchObject({ tool_choice: { type: 'any' }, tools: [{ name: 'weather' }, { name: 'answer' }] })
  })
})

describe('options of the vendor', () => {
  test('are typed where it matters and passed on where they are not known', () => {
    const options = {
      betas: ['fast-mode-2026-02-01', 'b'],
      serviceTier: 'standard_only',
      container: 'c1',
      speed: 'fast',
      tools: [{ type: 'web_search_20250305', name: 'web_search' }],
    }
    const { body, headers } = build({ options, tools: [weather] })
    expect(headers).toEqual({ 'anthropic-beta': 'fast-mode-2026-02-01,b' })
    expect(body).toMatchObject({ service_tier: 'standard_only', container: 'c1', speed: 'fast' })
    expect(body).not.toHaveProperty('betas')
    expect(body['tools']).toMatchObject([{ name: 'weather' }, { name: 'web_search' }])
  })
})

describe('history', () => {
  test('keeps blocks of the vendor as they were, empty thinking included', () => {
    const search = { type: 'web_search_tool_result', tool_use_id: 's', content: [] }
    const { body } = build({
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
        {
          role: 'assistant',
          content: [
            { type: 'reasoning', text: '', providerMetadata: { anthropic: { signature: 's1' } } },
            {
              type: 'provider',
              vendor: 'anthropic',
              kind: 'redacted_thinking',
              value: { type: 'redacted_thinking', data: 'x' },
            },
            { type: 'provider', vendor: 'anthropic', kind: 'web_search_tool_result', value: search },
            { type: 'text', text: 'It is so.', providerMetadata: { anthropic: { citations: [{ url: 'u' }] } } },
          ],
        },
      ],
    })
    expect((body['messages'] as { content: unknown }[])[1]?.content).toEqual([
      { type: 'thinking', thinking: '', signature: 's1' },
      { type: 'redacted_thinking', data: 'x' },
      search,
      { type: 'text', text: 'It is so.', citations: [{ url: 'u' }] },
    ])
  })

  test('of another vendor loses what only that vendor reads', () => {
    const { body, warnings } = build({
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
        {
          role: 'assistant',
          content: [
            { type: 'reasoning', text: 'hm', providerMetadata: { other: { signature: 's1' } } },
            { type: 'tool_call', id: 'call|1', name: 'weather', input: {}, rawInput: '{}' },
            { type: 'file', mediaType: 'image/png', data: 'AQID' },
          ],
        },
        { role: 'tool', content: [{ type: 'tool_result', id: 'call|1', name: 'weather', output: 'sunny' }] },
      ],
      tools: [weather],
    })
    expect(warnings.map(({ code }) => code)).toEqual(['reasoning_dropped', 'file_dropped'])
    const [, call, result] = body['messages'] as { content: { id?: string; tool_use_id?: string }[] }[]
    expect(call?.content).toHaveLength(1)
    expect(call?.content[0]?.id).toMatch(/^[a-zA-Z0-9_-]+$/)
    expect(result?.content[0]?.tool_use_id).toBe(call?.content[0]?.id)
  })

  test('keeps the last four cache marks', () => {
    const messages = ['a', 'b', 'c', 'd', 'e'].map((text) => ({
      role: 'user' as const,
      content: [{ type: 'text' as const, text, cache: true }],
    }))
    const { body, warnings } = build({ messages })
    const [{ content }] = body['messages'] as [{ content: object[] }]
    expect(content.map((block) => 'cache_control' in block)).toEqual([false, true, true, true, true])
    expect(warnings.map(({ code }) => code)).toEqual(['cache_dropped'])
  })

  test('drops empty text, which the API refuses, and moves late system messages', () => {
    const { body, warnings } = build({
      messages: [
        { role: 'assistant', content: [{ type: 'text', text: 'Welcome.' }] },
        { role: 'system', content: [{ type: 'text', text: 'Be kind.' }] },
        {
          role: 'user',
          content: [
            { type: 'text', text: ' ' },
            { type: 'text', text: 'Hi' },
          ],
        },
        { role: 'assistant', content: [{ type: 'text', text: 'I say \n' }] },
      ],
    })
    expect(body['system']).toEqual([{ type: 'text', text: 'Be kind.' }])
    expect(body['messages']).toMatchObject([
      { role: 'user' },
      { role: 'assistant' },
      { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
      { role: 'assistant', content: [{ type: 'text', text: 'I say' }] },
    ])
    expect(warnings.map(({ code }) => code)).toEqual(['system_moved'])
  })

  test('with a file that the API does not take is unsupported', () => {
    const messages = [
      { role: 'user' as const, content: [{ type: 'file' as const, mediaType: 'audio/wav', data: 'AQID' }] },
    ]
    expect(() => build({ messages })).toThrow(LLMError)
    expect(() => build({ messages })).toThrow(/audio\/wav cannot be sent/)
  })
})

test('an option does not make a stream of an answer that is read as a whole', () => {
  expect(buildRequest(asking({ stream: false, options: { stream: true } }), 'anthropic').body).not.toHaveProperty(
    'stream',
  )
})
