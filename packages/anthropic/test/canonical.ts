import type { ProviderMessage, ProviderTool } from '@wayfare/core'

export const weather: ProviderTool = {
  name: 'weather',
  description: 'Tells the weather.',
  inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
}

/** System, text, image, reasoning, tool call, tool result, follow-up: what a history may hold. */
export const canonical: readonly ProviderMessage[] = [
  { role: 'system', content: [{ type: 'text', text: 'Be brief.', cache: true }] },
  {
    role: 'user',
    content: [
      { type: 'text', text: 'What is the weather here?' },
      { type: 'file', mediaType: 'image/png', data: new Uint8Array([1, 2, 3]) },
      { type: 'file', mediaType: 'application/pdf', url: 'https://example.com/a.pdf', filename: 'a.pdf' },
    ],
  },
  {
    role: 'assistant',
    content: [
      { type: 'reasoning', text: 'A city by the sea.', providerMetadata: { anthropic: { signature: 'sig' } } },
      { type: 'text', text: 'Let me look.' },
      { type: 'tool_call', id: 'toolu_1', name: 'weather', input: { city: 'Nice' }, rawInput: '{"city":"Nice"}' },
      { type: 'tool_call', id: 'toolu_2', name: 'weather', input: { city: 'Rome' }, rawInput: '{"city":"Rome"}' },
    ],
  },
  { role: 'tool', content: [{ type: 'tool_result', id: 'toolu_1', name: 'weather', output: 'sunny' }] },
  {
    role: 'tool',
    content: [
      {
        type: 'tool_result',
        id: 'toolu_2',
        name: 'weather',
        output: [{ type: 'text', text: 'no answer' }],
        isError: true,
        cache: { ttl: '1h' },
      },
    ],
  },
  { role: 'user', content: [{ type: 'text', text: 'And tomorrow?' }] },
]
