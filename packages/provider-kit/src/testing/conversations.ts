import type { ProviderMessage, ProviderRequest } from '@wayfare/core'
import { weather } from './weather.ts'

/** Of another vendor: nothing of it may reach the one under test. */
export const foreign = { thought: 'foreign-thought', signature: 'foreign-signature', block: 'foreign-block' } as const

/** System, text, image, calls and their results, a follow-up: what a history holds that any vendor may have begun. */
export const canonical: Partial<ProviderRequest> = {
  tools: [weather],
  maxOutputTokens: 1_000,
  messages: [
    { role: 'system', content: [{ type: 'text', text: 'Be brief.' }] },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What is the weather here? 👋' },
        { type: 'file', mediaType: 'image/png', data: new Uint8Array([137, 80, 78, 71]) },
      ],
    },
    {
      role: 'assistant',
      content: [{ type: 'text', text: 'Let me look.' }, call('call_1', 'Nice'), call('call_2', 'Rome')],
    },
    { role: 'tool', content: [{ type: 'tool_result', id: 'call_1', name: 'weather', output: 'sunny' }] },
    {
      role: 'tool',
      content: [
        {
          type: 'tool_result',
          id: 'call_2',
          name: 'weather',
          output: [{ type: 'text', text: 'no answer' }],
          isError: true,
        },
      ],
    },
    { role: 'user', content: [{ type: 'text', text: 'And tomorrow?' }] },
  ],
}

/** The same kind of history as another vendor leaves it: its reasoning, its blocks, its ids. */
export const begunElsewhere: Partial<ProviderRequest> = {
  tools: [weather],
  messages: [
    { role: 'user', content: [{ type: 'text', text: 'The weather?', providerMetadata: elsewhere() }] },
    {
      role: 'assistant',
      content: [
        { type: 'reasoning', text: foreign.thought, providerMetadata: elsewhere() },
        { type: 'provider', vendor: 'elsewhere', kind: 'search', value: { id: foreign.block } },
        { type: 'text', text: 'Let me look.', providerMetadata: elsewhere() },
        { ...call('functions.weather:0', 'Nice'), providerMetadata: elsewhere() },
        { ...call(`toolu_${'x'.repeat(90)}`, 'Rome'), providerMetadata: elsewhere() },
      ],
    },
    {
      role: 'tool',
      content: [
        { type: 'tool_result', id: 'functions.weather:0', name: 'weather', output: 'sunny' },
        { type: 'tool_result', id: `toolu_${'x'.repeat(90)}`, name: 'weather', output: 'rain' },
      ],
    },
    { role: 'assistant', content: [{ type: 'reasoning', text: foreign.thought }] },
    { role: 'user', content: [{ type: 'text', text: 'And tomorrow?' }] },
  ] satisfies readonly ProviderMessage[],
}

/** Every common option. */
export const options: Partial<ProviderRequest> = {
  tools: [weather],
  toolChoice: { tool: 'weather' },
  maxOutputTokens: 1_000,
  temperature: 0.5,
}

/** An answer by a schema. */
export const structured: Partial<ProviderRequest> = {
  output: {
    name: 'place',
    schema: {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
      additionalProperties: false,
    },
  },
}

function call(id: string, city: string) {
  return { type: 'tool_call' as const, id, name: 'weather', input: { city }, rawInput: JSON.stringify({ city }) }
}

function elsewhere() {
  return { elsewhere: { signature: foreign.signature } }
}
