import type { ProviderEvent } from '@wayfare/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openaiCompatible } from '../src/index.ts'
import { chunk, request } from './call.ts'

const long = process.env['WAYFARE_LONG'] === '1'
const perStream = 24

/** Text that is hard on whoever looks for its end. */
const said = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(' word', 'a', 'longer than thirteen characters', '') },
  fc.constantFrom(
    '"',
    '\\',
    '\\"',
    '"}}]}',
    '\n',
    '\n\ndata: {}',
    '\0',
    '\u2028',
    '\ud83d',
    '\ude00',
    'Hé👋lo',
    '","content":"x',
  ),
  fc.string({ unit: 'binary', maxLength: 30 }),
)

const facts = { model: 'm-1', created: 1, system_fingerprint: 'f' }
const padded = fc.string({ unit: fc.constantFrom('a', 'Z', '9', '+', '/', '='), maxLength: 12 })

const wire: fc.Arbitrary<object> = fc.oneof(
  { weight: 12, arbitrary: said.map((content) => ({ ...chunk({ content }), ...facts })) },
  {
    weight: 4,
    arbitrary: fc.tuple(said, padded).map(([content, obfuscation]) => ({ ...chunk({ content }), obfuscation })),
  },
  said.map((content) => ({ ...facts, ...chunk({ content }) })),
  said.map((content) => chunk({ content, role: 'assistant', extra: content })),
  said.map((content) => ({ ...chunk({ content }), usage: { prompt_tokens: 1, completion_tokens: content.length } })),
  said.map((content) => chunk({ reasoning_content: content, content })),
  said.map((content) => ({ choices: [{ index: 1, delta: { content } }], id: 'c1' })),
  fc.constant(chunk({ tool_calls: [{ index: 0, id: 't', function: { name: 'f', arguments: '{"content":"a"}' } }] })),
  fc.constant(chunk({ content: 'last' }, 'stop')),
)

const rare = fc.constantFrom<readonly string[]>(
  ['data: {"error":{"message":"overloaded","code":503}}\n\n'],
  ['event: error\ndata: {"message":"no"}\n\n'],
  [': keep-alive\n\n'],
  ['data: not JSON\n\n'],
  ['data: [DONE]\n\n'],
)

interface Told {
  readonly events: readonly ProviderEvent[]
  readonly error?: unknown
}

test(
  'large reads of many chunks say what every chunk parsed by itself says (a million chunks with WAYFARE_LONG=1)',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof({ weight: 20, arbitrary: wire }, rare), { minLength: 1, maxLength: perStream }),
        fc.integer({ min: 65, max: 900 }),
        async (all, size) => {
          const quick = all.map((one) => (Array.isArray(one) ? one.join('') : `data: ${JSON.stringify(one)}\n\n`))
          // White space before the value, never twice the same: no chunk is like the one before it, and all have to be parsed.
          const slow = quick.map((one, i) => one.replace(/^data: \{/, () => `data: ${' '.repeat(1 + (i % 40))}{`))
          const bytes = Buffer.from(quick.join(''))
          const cut = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
            bytes.subarray(i * size, (i + 1) * size),
          )
          expect(await told(cut)).toEqual(await told(slow.map((one) => Buffer.from(one))))
        },
      ),
      { numRuns: long ? 1_000_000 / (perStream / 2) : 100 },
    )
  },
  long ? 3_600_000 : undefined,
)

async function told(reads: readonly Uint8Array[]): Promise<Told> {
  const body = ReadableStream.from(reads)
  const fetch = async (): Promise<Response> => new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  const provider = openaiCompatible({ name: 'acme', baseURL: 'https://api.invalid/v1', fetch })
  const events: ProviderEvent[] = []
  try {
    for await (const batch of provider.chat(request())) events.push(...[batch].flat())
    return { events }
  } catch (error) {
    const { kind, phase, billed, status } = error as Record<string, unknown>
    return { events, error: { kind, phase, billed, status } }
  }
}
