import fc from 'fast-check'
import { test } from 'vitest'
import { expectSameSingly, hardText, timeoutMs } from '../../provider-kit/test/fast-path.ts'
import { openaiCompatible } from '../src/index.ts'
import { chunk, request } from './call.ts'

const said = hardText('"}}]}', '\n\ndata: {}', '","content":"x')
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

const rare = fc.constantFrom(
  'data: {"error":{"message":"overloaded","code":503}}\n\n',
  'event: error\ndata: {"message":"no"}\n\n',
  ': keep-alive\n\n',
  'data: not JSON\n\n',
  'data: [DONE]\n\n',
)

test(
  'large reads of many chunks say what every chunk parsed by itself says (a million chunks with WAYFARE_LONG=1)',
  () =>
    expectSameSingly(
      fc.oneof({ weight: 20, arbitrary: wire.map((one) => `data: ${JSON.stringify(one)}\n\n`) }, rare),
      (drawn) => drawn,
      (body) => {
        const headers = { 'content-type': 'text/event-stream' }
        const fetch = async (): Promise<Response> => new Response(ReadableStream.from(body), { headers })
        return openaiCompatible({ name: 'acme', baseURL: 'https://api.invalid/v1', fetch }).chat(request())
      },
    ),
  timeoutMs,
)
