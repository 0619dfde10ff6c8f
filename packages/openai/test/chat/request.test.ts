import type { ProviderMessage, ProviderRequest } from '@wayfare/core'
import { expect, test } from 'vitest'
import { openai } from '../../src/index.ts'
import { answering, events, request, sse } from '../call.ts'

const tools = [{ name: 'one', inputSchema: { type: 'object' } }]

/** What is sent, and the warnings that the answer begins with. */
async function sent(
  more: Partial<ProviderRequest>,
): Promise<{ body: Record<string, unknown>; codes: string[]; url: string }> {
  let body: Record<string, unknown> = {}
  let url = ''
  const server = answering(sse([{ id: 'c', model: 'm', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }]))
  const provider = openai({
    api: 'chat',
    apiKey: 'k',
    fetch: (address, init) => {
      url = address instanceof URL ? address.href : ''
      body = JSON.parse(init?.body as string) as Record<string, unknown>
      return server(address)
    },
  })
  const [start] = await events(provider, more)
  const warnings = start?.type === 'start' ? (start.warnings ?? []) : []
  return { body, codes: warnings.map((warning) => warning.code), url }
}

test('a request to a model that reasons', async () => {
  const system: ProviderMessage = { role: 'system', content: [{ type: 'text', text: 'Be brief.' }] }
  const made = await sent({
    model: 'gpt-6-mini',
    messages: [system, ...request().messages],
    maxOutputTokens: 9,
    temperature: 0.5,
    topP: 0.5,
    reasoning: 'high',
    tools,
  })
  expect(made.url).toBe('https://api.openai.com/v1/chat/completions')
  expect(made.body).toEqual({
    model: 'gpt-6-mini',
    messages: [
      { role: 'developer', content: 'Be brief.' },
      { role: 'user', content: 'Hi' },
    ],
    stream: true,
    stream_options: { include_usage: true },
    max_completion_tokens: 9,
    reasoning_effort: 'high',
    tools: [{ type: 'function', function: { name: 'one', parameters: { type: 'object' } } }],
  })
  expect(made.codes).toEqual(['sampling_dropped', 'sampling_dropped'])
})

test('a request to a model that does not reason keeps everything', async () => {
  const made = await sent({ model: 'gpt-4o-mini', temperature: 0.5, topP: 0.5, maxOutputTokens: 9 })
  expect(made.body).toMatchObject({ temperature: 0.5, top_p: 0.5, max_completion_tokens: 9 })
  expect(made.codes).toEqual([])
})

test('sampling stays while reasoning is off', async () => {
  const made = await sent({ model: 'gpt-5.4', temperature: 0.5, reasoning: 'none' })
  expect(made.body).toMatchObject({ temperature: 0.5, reasoning_effort: 'none' })
  expect(made.codes).toEqual([])
})

test.each<[string, ProviderRequest['reasoning'], string | undefined, string[]]>([
  ['gpt-5.4', 'max', 'xhigh', ['reasoning_rounded']],
  ['gpt-5-mini', 'none', 'minimal', ['reasoning_rounded']],
  ['gpt-5.1', 'minimal', 'none', ['reasoning_rounded']],
  ['o4-mini', 'xhigh', 'high', ['reasoning_rounded']],
  ['o4-mini', 'low', 'low', []],
  ['gpt-4o-mini', 'high', undefined, ['reasoning_rounded']],
  ['gpt-4o-mini', 'none', undefined, []],
  ['gpt-5.4', { maxTokens: 10_000 }, 'medium', ['reasoning_rounded']],
])('%s asked for %j gets %s', async (model, reasoning, effort, codes) => {
  const made = await sent({ model, reasoning })
  expect(made.body['reasoning_effort']).toBe(effort)
  expect(made.codes).toEqual(codes)
})

test.each<[ProviderRequest['reasoning'], string[]]>([
  [undefined, []],
  ['none', []],
  ['high', ['reasoning_dropped']],
])('gpt-5.6 with tools does not reason when asked for %s', async (reasoning, codes) => {
  const made = await sent({ model: 'gpt-5.6', reasoning, tools })
  expect(made.body['reasoning_effort']).toBe('none')
  expect(made.codes).toEqual(codes)
})

test('reasoning of a history is left out', async () => {
  const content = [
    { type: 'reasoning', text: 'Hmm.', providerMetadata: { openai: { field: 'reasoning_content' } } },
    { type: 'text', text: 'Yes.' },
  ] as const
  const made = await sent({ messages: [{ role: 'assistant', content }, ...request().messages] })
  expect(made.body['messages']).toEqual([
    { role: 'assistant', content: 'Yes.' },
    { role: 'user', content: 'Hi' },
  ])
})
