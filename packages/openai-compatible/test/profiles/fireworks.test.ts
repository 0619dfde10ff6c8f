import { expect, test } from 'vitest'
import { fireworks } from '../../src/profiles/fireworks.ts'
import { chunk, textOf } from '../call.ts'
import { billed, partsOf, streamed, vendorAt, whole } from './vendor.ts'

const vendor = vendorAt((url) => fireworks({ baseURL: `${url}/inference/v1`, apiKey: 'k' }))
const usage = (output: number): object => ({
  prompt_tokens: 100,
  completion_tokens: output,
  total_tokens: 100 + output,
  prompt_tokens_details: { cached_tokens: 64 },
})

test.each<[object, object, string[]]>([
  [{}, {}, []],
  [{ reasoning: 'medium' }, { reasoning_effort: 'medium' }, []],
  [{ reasoning: 'max' }, { reasoning_effort: 'high' }, ['reasoning_rounded']],
  [{ options: { reasoning_history: 'preserved' } }, { reasoning_history: 'preserved' }, []],
])('%j is asked by %j', async (more, body, warnings) => {
  expect(await vendor.asks(more)).toEqual({ body, warnings })
})

test('usage that grows on every chunk counts once', async () => {
  const all = await vendor.reads(
    streamed([
      chunk({ reasoning_content: 'Hmm.' }, null, { usage: usage(1) }),
      chunk({ content: 'Ye' }, null, { usage: usage(2) }),
      chunk({ content: 's.' }, null, { usage: usage(3) }),
      chunk({}, 'stop', { usage: usage(4) }),
    ]),
  )
  expect(textOf(all)).toBe('Yes.')
  expect(partsOf(all)).toMatchObject([{ type: 'reasoning', text: 'Hmm.' }])
  expect(billed(all)).toMatchObject({ usage: { input: 36, cacheRead: 64, output: 4, total: 104 } })
})

test('one body', async () => {
  const all = await vendor.reads(whole({ content: 'Yes.', reasoning_content: 'Hmm.' }, { usage: usage(4) }), {
    stream: false,
  })
  expect(textOf(all)).toBe('Yes.')
  expect(billed(all)).toMatchObject({ usage: { input: 36, cacheRead: 64, output: 4 } })
})

test.each<[number, unknown, string]>([
  [412, { error: { message: 'Account is suspended', code: 'PRECONDITION_FAILED' } }, 'billing'],
  [401, { error: 'unauthorized' }, 'auth'],
  [400, { error: 'The prompt is too long: 200000, model maximum context length: 131071' }, 'context_length'],
  [404, { error: { object: 'error', type: 'invalid_request_error', message: 'Model not found' } }, 'model_not_found'],
  [503, { error: 'overloaded' }, 'overloaded'],
])('%i %j is %s', async (status, body, kind) => {
  expect(await vendor.fails(status, body)).toMatchObject({ provider: 'fireworks', kind })
})

test('models say what they can, and what does not chat is left out', async () => {
  vendor.tells({
    data: [
      { id: 'a', context_length: 131_072, supports_chat: true, supports_tools: true, supports_image_input: true },
      { id: 'b', supports_chat: true, supports_tools: false, supports_image_input: false },
      { id: 'flux', supports_chat: false },
    ],
  })
  expect(await vendor.provider.models?.()).toEqual([
    { id: 'a', provider: 'fireworks', contextTokens: 131_072, supportsTools: true, input: ['text', 'image'] },
    { id: 'b', provider: 'fireworks', supportsTools: false, input: ['text'] },
  ])
})
