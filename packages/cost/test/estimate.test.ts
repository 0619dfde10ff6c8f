import type { ProviderRequest } from '@wayfare/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { jsonBytes, utf8Bytes } from '../src/bytes.ts'
import { inputTokensAtMost } from '../src/estimate.ts'
import { providerRequest } from './setup.ts'

const text = (content: string) => ({ type: 'text' as const, text: content })

describe('no request has more input tokens than', () => {
  test.each<[string, Partial<ProviderRequest>, number]>([
    ['nothing', {}, 0],
    ['a byte of text each, and 16 a message', { messages: [{ role: 'user', content: [text('Hé👋')] }] }, 16 + 7],
    [
      'every message',
      {
        messages: [
          { role: 'system', content: [text('ab')] },
          { role: 'user', content: [text('c'), text('d')] },
        ],
      },
      32 + 4,
    ],
    [
      'what a call and its result say',
      {
        messages: [
          { role: 'assistant', content: [{ type: 'tool_call', id: 'id', name: 'f', input: {}, rawInput: '{"a":1}' }] },
          {
            role: 'tool',
            content: [
              { type: 'tool_result', id: 'id', name: 'f', output: 'ok' },
              { type: 'tool_result', id: 'id', name: 'f', output: [text('yes')] },
            ],
          },
        ],
      },
      32 + 10 + 5 + 6,
    ],
    [
      'an image',
      { messages: [{ role: 'user', content: [{ type: 'file', mediaType: 'image/png', url: 'https://x/y' }] }] },
      16 + 50_000,
    ],
    [
      'a file by its size',
      {
        messages: [
          { role: 'user', content: [{ type: 'file', mediaType: 'application/pdf', data: new Uint8Array(70_000) }] },
        ],
      },
      16 + 70_000,
    ],
    [
      'a small document as if its pages were pictures',
      {
        messages: [
          { role: 'user', content: [{ type: 'file', mediaType: 'application/pdf', data: new Uint8Array(5_000) }] },
        ],
      },
      16 + 50_000,
    ],
    [
      'a file that is not here',
      { messages: [{ role: 'user', content: [{ type: 'file', mediaType: 'video/mp4', url: 'https://x/y' }] }] },
      16 + 1_000_000,
    ],
    [
      'sealed reasoning',
      {
        messages: [
          { role: 'assistant', content: [{ type: 'reasoning', text: '', providerMetadata: { v: 'x'.repeat(100) } }] },
        ],
      },
      16 + 109,
    ],
    [
      'tools',
      { tools: [{ name: 'f', description: 'does', inputSchema: { type: 'object' } }] },
      1_024 + 32 + 1 + 4 + 2 + 8 + 8,
    ],
    ["the vendor's own options", { options: { instructions: 'é'.repeat(500_000), n: 1 } }, 2 + 16 + 1_000_002 + 5 + 24],
    ['what the vendor keeps, and reads as input', { options: { previous_response_id: 'r' } }, 2 + 24 + 3 + 1_000_000],
    ['nothing of an option that is absent', { options: { conversation: undefined } }, 2 + 16 + 24],
  ])('%s', (_, changes, tokens) => {
    expect(inputTokensAtMost(providerRequest(changes), undefined)).toBe(tokens)
  })

  test('a counter of the user counts texts; nonsense counts as bytes', () => {
    const request = providerRequest({ messages: [{ role: 'user', content: [text('twelve bytes')] }] })
    expect(inputTokensAtMost(request, (model, content) => (model === 'm' ? content.length / 4.5 : 0))).toBe(16 + 3)
    expect(inputTokensAtMost(request, () => NaN)).toBe(16 + 12)
    expect(inputTokensAtMost(request, () => -5)).toBe(16 + 12)
  })
})

/** Texts of any UTF-16 units, pairs and lone halves among them. */
const units = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0xd7f0, max: 0xe010 })), { maxLength: 30 })
  .map((codes) => String.fromCharCode(...codes))

test('bytes are counted alike with and without a Buffer', () => {
  const buffer = globalThis.Buffer
  const without = (content: string) => {
    try {
      // @ts-expect-error some platforms have none
      globalThis.Buffer = undefined
      return utf8Bytes(content)
    } finally {
      globalThis.Buffer = buffer
    }
  }
  fc.assert(
    fc.property(units, (content) => {
      expect(without(content)).toBe(new TextEncoder().encode(content).length)
    }),
  )
})

test('the bytes of a value are at least those of its JSON, escapes aside', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const plain = JSON.stringify(value).replace(/\\u[0-9a-f]{4}|\\./g, '?')
      expect(jsonBytes(value)).toBeGreaterThanOrEqual(new TextEncoder().encode(plain).length)
    }),
  )
})
