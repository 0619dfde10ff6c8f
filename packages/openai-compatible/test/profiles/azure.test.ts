import { expect, test } from 'vitest'
import { azure } from '../../src/profiles/azure.ts'
import { chunk, events, textOf } from '../call.ts'
import { billed, partsOf, streamed, usageChunk, vendorAt, whole } from './vendor.ts'

let base = ''
const vendor = vendorAt((url) => {
  base = url
  return azure({ baseURL: `${url}/openai/v1`, apiKey: 'k' })
})
const usage = {
  prompt_tokens: 100,
  completion_tokens: 20,
  total_tokens: 120,
  prompt_tokens_details: { cached_tokens: 60 },
}
const safe = { hate: { filtered: false, severity: 'safe' } }

test('a request goes to the v1 interface with the key in its own header', async () => {
  expect(await vendor.asks({ model: 'my-deployment', maxOutputTokens: 9, reasoning: 'low' })).toEqual({
    body: { stream_options: { include_usage: true }, max_completion_tokens: 9, reasoning_effort: 'low' },
    warnings: [],
  })
  expect(vendor.sent.at(-1)).toMatchObject({ path: '/openai/v1/chat/completions', headers: { 'api-key': 'k' } })
  expect(vendor.sent.at(-1)?.headers.authorization).toBeUndefined()
})

test('with a version, deployments have paths of their own', async () => {
  const old = azure({ baseURL: `${base}/openai`, apiKey: 'k', apiVersion: '2024-10-21' })
  await events(old, { model: 'my deployment' })
  expect(vendor.sent.at(-1)?.path).toBe('/openai/deployments/my%20deployment/chat/completions?api-version=2024-10-21')
  vendor.tells({ data: [{ id: 'gpt-4o' }] })
  expect(await old.models?.()).toEqual([{ id: 'gpt-4o', provider: 'azure' }])
  expect(vendor.sent.at(-1)?.path).toBe('/openai/models?api-version=2024-10-21')
  await old.close?.()
})

test('a token of Entra ID goes where tokens go', async () => {
  const keyless = azure({ baseURL: `${base}/openai/v1`, token: async () => 'token' })
  await events(keyless)
  expect(vendor.sent.at(-1)?.headers).toMatchObject({ authorization: 'Bearer token' })
  expect(vendor.sent.at(-1)?.headers['api-key']).toBeUndefined()
  await keyless.close?.()
})

test.each([{}, { resource: '' }, { resource: 'evil.example/' }])('%j names no resource', (options) => {
  expect(() => azure({ apiKey: 'k', ...options })).toThrow(expect.objectContaining({ kind: 'config' }))
})

test('a stream begins with what the filters say, and they go on beside the text', async () => {
  const first = { id: '', model: '', object: '', created: 0, choices: [], prompt_filter_results: [{ prompt_index: 0 }] }
  const filtered = {
    ...chunk({}),
    choices: [
      { index: 0, finish_reason: null, content_filter_offsets: { end_offset: 44 }, content_filter_results: safe },
    ],
  }
  const all = await vendor.reads(
    streamed(
      [
        first,
        chunk({ role: 'assistant', content: '' }),
        chunk({ content: 'Yes.' }),
        filtered,
        chunk({}, 'stop'),
        usageChunk(usage),
      ],
      { 'apim-request-id': 'req-7' },
    ),
  )
  expect(all[0]).toEqual({ type: 'start', id: 'c1', model: 'm-1', requestId: 'req-7' })
  expect(textOf(all)).toBe('Yes.')
  expect(partsOf(all)).toEqual([])
  expect(billed(all)).toMatchObject({ usage: { input: 40, cacheRead: 60, output: 20, total: 120 } })
})

test('an answer that the filters cut', async () => {
  const all = await vendor.reads(streamed([chunk({ content: 'Ye' }), chunk({}, 'content_filter')]))
  expect(all.at(-1)).toMatchObject({ type: 'finish', reason: 'content_filter' })
})

test('thoughts have no place in a history', async () => {
  const thought = { type: 'reasoning', text: 'Hmm.', providerMetadata: { azure: { field: 'reasoning' } } } as const
  const { body } = await vendor.asks({
    messages: [{ role: 'assistant', content: [thought, { type: 'text', text: 'Yes.' }] }],
  })
  expect(body['messages']).toEqual([{ role: 'assistant', content: 'Yes.' }])
})

test('one body', async () => {
  const filters = { prompt_filter_results: [{ prompt_index: 0, content_filter_results: safe }] }
  const all = await vendor.reads(whole({ content: 'Yes.', refusal: null }, { usage, ...filters }), { stream: false })
  expect(textOf(all)).toBe('Yes.')
  expect(billed(all)).toMatchObject({ usage: { input: 40, cacheRead: 60, output: 20 } })
})

const filtered = {
  message: "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
  param: 'prompt',
  code: 'content_filter',
  status: 400,
  innererror: { code: 'ResponsibleAIPolicyViolation', content_filter_result: safe },
}
test.each<[number, object, Record<string, string>, object]>([
  [400, filtered, {}, { kind: 'content_filter', phase: 'input' }],
  [401, { code: '401', message: 'Access denied due to invalid subscription key.' }, {}, { kind: 'auth' }],
  [404, { code: 'DeploymentNotFound', message: 'The API deployment does not exist.' }, {}, { kind: 'model_not_found' }],
  [404, { code: '404', message: 'Resource not found' }, {}, { kind: 'config' }],
  [
    429,
    { code: '429', message: 'Requests have exceeded the token rate limit.' },
    { 'retry-after-ms': '250', 'retry-after': '1' },
    { kind: 'rate_limit', retryAfterMs: 250 },
  ],
])('%i %j is a failure with its meaning', async (status, error, headers, expected) => {
  const failure = await vendor.fails(status, { error }, { ...headers, 'apim-request-id': 'req-7' })
  expect(failure).toMatchObject({ provider: 'azure', requestId: 'req-7', ...expected })
})
