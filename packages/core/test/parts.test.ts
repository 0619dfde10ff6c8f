import { describe, expect, test } from 'vitest'
import type { ChatCall } from '@wayfare/core'
import { answered } from './kit/events.ts'
import { rig } from './kit/rig.ts'

const image = { type: 'file', mediaType: 'image/png' }
const result = { type: 'tool_result', id: 'i', name: 'n' }

const wrong: readonly (readonly [role: string, part: unknown, message: string])[] = [
  ['user', 'x', "must be a part, such as { type: 'text', ... }"],
  ['user', null, "must be a part, such as { type: 'text', ... }"],
  ['user', {}, 'must be of a type that a user message may hold: text, file'],
  ['user', { type: 'image_url' }, 'must be of a type that a user message may hold: text, file'],
  ['user', { type: 'tool_call', id: 'i', name: 'n' }, 'must be of a type that a user message may hold: text, file'],
  ['system', { ...image, data: 'AAAA' }, 'must be of a type that a system message may hold: text'],
  ['user', { type: 'text' }, 'is a text part, whose text must be a string'],
  ['user', { type: 'text', text: 5 }, 'is a text part, whose text must be a string'],
  ['assistant', { type: 'reasoning' }, 'is a reasoning part, whose text must be a string'],
  ['assistant', { type: 'tool_call', name: 'n' }, 'is a tool_call part, whose id must be a string'],
  ['assistant', { type: 'tool_call', id: 'i' }, 'is a tool_call part, whose name must be a string'],
  ['assistant', { type: 'tool_call', id: 'i', name: 'n' }, 'is a tool_call part, whose rawInput must be a string'],
  ['assistant', { type: 'provider', kind: 'k' }, 'is a provider part, whose vendor must be a string'],
  ['tool', { type: 'text', text: 'x' }, 'must be of a type that a tool message may hold: tool_result'],
  ['tool', { ...result, id: 5, output: 'x' }, 'is a tool_result part, whose id must be a string'],
  ['tool', { ...result, output: { a: 1 } }, 'needs an output that is a string or a list of parts'],
  ['tool', { ...result, output: ['x'] }, 'has a wrong output: its part 0 must be a text or a file part'],
  ['tool', { ...result, output: [image] }, 'has a wrong output: its part 0 is a file that needs exactly one of'],
  ['user', { type: 'file', data: 'AAAA' }, 'needs a mediaType, such as "image/png"'],
  ['user', { ...image, mediaType: '', data: 'AAAA' }, 'needs a mediaType, such as "image/png"'],
  ['user', image, 'is a file that needs exactly one of data and url'],
  [
    'user',
    { ...image, data: { 0: 1 } },
    'is a file whose data must be a Uint8Array or base64; bytes do not survive JSON, so keep base64 there',
  ],
  ['user', { ...image, data: null }, 'is a file whose data must be a Uint8Array or base64'],
  ['user', { ...image, data: [1, 2] }, 'is a file whose data must be a Uint8Array or base64'],
  ['user', { ...image, data: new ArrayBuffer(3) }, 'is a file whose data must be a Uint8Array or base64'],
  ['user', { ...image, data: '' }, 'is a file without a byte'],
  ['user', { ...image, data: new Uint8Array() }, 'is a file without a byte'],
  ['user', { ...image, data: 'data:image/png;base64,AAAA' }, 'is a file whose data is a data: URL'],
  ['user', { ...image, data: '{secret}' }, 'is a file whose data is no base64'],
  ['user', { ...image, url: '' }, 'is a file whose url must be a URL'],
  ['user', { ...image, url: 'not a url' }, 'is a file whose url must be a URL'],
]

describe('a message refuses', () => {
  test.each(wrong)('in the role %s the part %j', async (role, part, message) => {
    const { router, providers } = rig({ a: [answered('ok')] })
    const fine = role === 'tool' ? { ...result, output: 'x' } : { type: 'text', text: 'x' }
    const call = {
      messages: [
        { role: 'user', content: 'x' },
        { role, content: [fine, part] },
      ],
    } as unknown as ChatCall // wrong on purpose
    const error: unknown = await router.complete(call).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ kind: 'config', retryable: false, billed: 'no' })
    expect((error as Error).message).toContain(`messages[1].content[1] ${message}`)
    expect((error as Error).message).not.toContain('secret')
    expect(providers.a.chats).toBe(0)
  })
})

test('every part that the contract knows passes', async () => {
  const { router, providers } = rig({ a: [answered('ok')] })
  await router.complete({
    messages: [
      { role: 'system', content: [{ type: 'text', text: '' }] },
      {
        role: 'user',
        content: [
          { type: 'file', mediaType: 'image/png', data: new Uint8Array(3) },
          { type: 'file', mediaType: 'image/png', data: 'AA+/__--AA==\n' },
          { type: 'file', mediaType: 'image/png', url: new URL('https://a.example/a.png') },
          { type: 'file', mediaType: 'image/png', url: 'gs://bucket/a.png' },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: '' },
          { type: 'provider', vendor: 'v', kind: 'k', value: null },
          { type: 'tool_call', id: 'i', name: 'n', input: {}, rawInput: '{}' },
        ],
      },
      { role: 'tool', content: [{ type: 'tool_result', id: 'i', name: 'n', output: [{ type: 'text', text: 'x' }] }] },
    ],
  })
  expect(providers.a.chats).toBe(1)
})
