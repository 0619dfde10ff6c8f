import type { ProviderRequest } from '@wayfare/core'
import { describe, expect, test } from 'vitest'
import { buildRequest } from '../src/request.ts'
import { asking } from './asking.ts'
import { canonical, weather } from './canonical.ts'

function build(changes: Partial<ProviderRequest>): ReturnType<typeof buildRequest> {
  return buildRequest(asking(changes))
}

function codes(changes: Partial<ProviderRequest>): readonly string[] {
  return build(changes).warnings.map(({ code }) => code)
}

test('a whole conversation goes out in the form of generateContent', () => {
  const request = {
    messages: canonical,
    tools: [weather],
    maxOutputTokens: 1000,
    temperature: 0.5,
    topP: 0.9,
    seed: 7,
    stop: ['END'],
  }
  expect(build(request)).toEqual({
    path: 'models/gemini-2.5-flash:streamGenerateContent?alt=sse',
    body: {
      systemInstruction: { parts: [{ text: 'Be brief.' }] },
      tools: [
        {
          functionDeclarations: [
            { name: 'weather', description: 'Tells the weather.', parametersJsonSchema: weather.inputSchema },
          ],
        },
      ],
      generationConfig: { maxOutputTokens: 1000, temperature: 0.5, topP: 0.9, seed: 7, stopSequences: ['END'] },
      contents: [
        {
          role: 'user',
          parts: [
            { text: 'What is the weather here?' },
            { inlineData: { mimeType: 'image/png', data: 'AQID' } },
            { fileData: { mimeType: 'application/pdf', fileUri: 'https://example.com/a.pdf' } },
          ],
        },
        {
          role: 'model',
          parts: [
            { text: 'A city.', thought: true, thoughtSignature: 'sig0' },
            { text: 'Let me look.' },
            { functionCall: { id: 'a', name: 'weather', args: { city: 'Nice' } }, thoughtSignature: 'sig1' },
            { functionCall: { name: 'weather', args: { city: 'Rome' } } },
          ],
        },
        {
          role: 'user',
          parts: [
            { functionResponse: { id: 'a', name: 'weather', response: { output: 'sunny' } } },
            { functionResponse: { name: 'weather', response: { error: 'no answer' } } },
          ],
        },
        { role: 'user', parts: [{ text: 'And tomorrow?' }] },
      ],
    },
    warnings: [],
  })
})

test('one JSON body is asked for without alt=sse', () => {
  expect(build({ stream: false }).path).toBe('models/gemini-2.5-flash:generateContent')
  expect(build({ model: 'tunedModels/my model' }).path).toBe('tunedModels/my%20model:streamGenerateContent?alt=sse')
})

describe('reasoning', () => {
  const rounded = ['reasoning_rounded']
  test.each<[string, ProviderRequest['reasoning'], unknown, readonly string[]]>([
    ['gemini-2.5-flash', undefined, undefined, []],
    ['gemini-2.5-flash', 'none', { thinkingBudget: 0 }, []],
    ['gemini-2.5-flash', 'medium', { thinkingBudget: 8_192, includeThoughts: true }, []],
    ['gemini-2.5-flash', { maxTokens: 99_999 }, { thinkingBudget: 24_576, includeThoughts: true }, rounded],
    ['gemini-2.5-pro', 'none', { thinkingBudget: 128 }, rounded],
    ['gemini-2.5-pro', 'max', { thinkingBudget: 32_768, includeThoughts: true }, []],
    ['gemini-2.5-flash-lite', { maxTokens: 1 }, { thinkingBudget: 512, includeThoughts: true }, rounded],
    ['gemini-3-pro-preview', 'none', { thinkingLevel: 'low' }, rounded],
    ['gemini-3-pro-preview', 'medium', { thinkingLevel: 'low', includeThoughts: true }, rounded],
    ['gemini-3-pro-preview', 'high', { thinkingLevel: 'high', includeThoughts: true }, []],
    ['gemini-3-flash-preview', 'minimal', { thinkingLevel: 'minimal', includeThoughts: true }, []],
    ['gemini-9-pro', 'max', { thinkingLevel: 'high', includeThoughts: true }, rounded],
    ['gemini-3-flash-preview', { maxTokens: 9_000 }, { thinkingLevel: 'medium', includeThoughts: true }, rounded],
    ['gemini-2.0-flash', 'high', undefined, ['reasoning_dropped']],
    ['gemma-3-27b-it', 'none', undefined, []],
  ])('of %s at %j becomes %j', (model, reasoning, thinkingConfig, warned) => {
    const config = build({ model, reasoning }).body['generationConfig'] as { thinkingConfig?: unknown } | undefined
    expect(config?.thinkingConfig).toEqual(thinkingConfig)
    expect(codes({ model, reasoning })).toEqual(warned)
  })

  test('is merged with what the caller wants of the vendor', () => {
    const options = { thinkingConfig: { includeThoughts: false } }
    expect(build({ reasoning: 'low', options }).body['generationConfig']).toEqual({
      thinkingConfig: { thinkingBudget: 4_096, includeThoughts: false },
    })
  })
})

test.each<[ProviderRequest['toolChoice'], unknown]>([
  ['auto', undefined],
  ['none', { functionCallingConfig: { mode: 'NONE' } }],
  ['required', { functionCallingConfig: { mode: 'ANY' } }],
  [{ tool: 'weather' }, { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['weather'] } }],
])('the tool choice %j becomes %j', (toolChoice, toolConfig) => {
  expect(build({ toolChoice, tools: [weather] }).body['toolConfig']).toEqual(toolConfig)
})

describe('structured output', () => {
  const output = { name: 'answer', schema: { type: 'object' } }
  const config = { responseMimeType: 'application/json', responseJsonSchema: output.schema }

  test.each([
    ['gemini-2.5-flash', []],
    ['gemini-3-pro-preview', [weather]],
  ])('is a response schema at %s', (model, tools) => {
    expect(build({ model, output, tools })).toMatchObject({ body: { generationConfig: config }, warnings: [] })
  })

  test('is an instruction where the model takes no schema beside tools', () => {
    const { body, warnings } = build({ output, tools: [weather] })
    expect(body).not.toHaveProperty('generationConfig')
    expect(JSON.stringify(body['systemInstruction'])).toContain('JSON Schema')
    expect(warnings.map(({ code }) => code)).toEqual(['schema_as_text'])
  })
})

describe('history', () => {
  const call = { type: 'tool_call' as const, name: 'weather', input: {}, rawInput: '{}' }

  test('of another vendor gets the stand-in for the signatures that Gemini 3 wants', () => {
    const messages = [
      { role: 'user' as const, content: [{ type: 'text' as const, text: 'Hi' }] },
      {
        role: 'assistant' as const,
        content: [
          { ...call, id: 'a' },
          { ...call, id: 'b' },
        ],
      },
    ]
    const { body, warnings } = build({ model: 'gemini-3-pro-preview', messages })
    expect((body['contents'] as unknown[])[1]).toEqual({
      role: 'model',
      parts: [
        { functionCall: { name: 'weather', args: {} }, thoughtSignature: 'skip_thought_signature_validator' },
        { functionCall: { name: 'weather', args: {} } },
      ],
    })
    expect(warnings.map(({ code }) => code)).toEqual(['thought_signature_missing'])
    expect(codes({ messages })).toEqual([])
  })

  test('keeps a signature on a part without text', () => {
    const signed = { type: 'text' as const, text: '', providerMetadata: { google: { thoughtSignature: 's' } } }
    const { body } = build({
      messages: [{ role: 'assistant', content: [{ type: 'text', text: 'Yes' }, signed, { type: 'text', text: '' }] }],
    })
    expect(body['contents']).toEqual([{ role: 'model', parts: [{ text: 'Yes' }, { text: '', thoughtSignature: 's' }] }])
  })

  test('for a model without system instructions begins with them', () => {
    const { body } = build({ model: 'gemma-3-27b-it', messages: canonical.slice(0, 2) })
    expect(body).not.toHaveProperty('systemInstruction')
    expect(body['contents']).toMatchObject([{ role: 'user', parts: [{ text: 'Be brief.' }, {}, {}, {}] }])
  })
})

test('options of the vendor are merged where they are known and passed on where they are not', () => {
  const options = {
    safetySettings: [{ category: 'c', threshold: 't' }],
    generationConfig: { topK: 3, maxOutputTokens: 99 },
    tools: [{ googleSearch: {} }],
  }
  expect(build({ options, tools: [weather], maxOutputTokens: 5 }).body).toMatchObject({
    safetySettings: options.safetySettings,
    generationConfig: { topK: 3, maxOutputTokens: 5 },
    tools: [{ functionDeclarations: [{}] }, { googleSearch: {} }],
  })
})

test.each([
  { generationConfig: { maxOutputTokens: 50_000 } },
  { generationConfig: { max_output_tokens: 50_000 } },
  { generation_config: { maxOutputTokens: 50_000, candidateCount: 1 } },
  { generation_config: { max_output_tokens: 50_000 } },
])('the options %j do not lift the limit that the budget was reserved for', (options) => {
  expect(build({ options, maxOutputTokens: 5 }).body).toEqual(build({ maxOutputTokens: 5 }).body)
})

test.each([
  { generationConfig: { candidateCount: 8 } },
  { generationConfig: { candidate_count: 2 } },
  { generation_config: { candidateCount: '2' } },
])('the options %j ask for several answers and are refused', (options) => {
  expect(() => build({ options })).toThrow(expect.objectContaining({ kind: 'config' }))
})
