import type { ProviderMessage, ProviderTool } from '@wayfare/core'

export const weather: ProviderTool = {
  name: 'weather',
  description: 'Tells the weather.',
  inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
}

/** System, text, image, reasoning, tool call, tool result, follow-up: what a history may hold. */
export const canonical: readonly ProviderMessage[] = [
  { role: 'system', content: [{ type: 'text', text: 'Be brief.' }] },
  {
    role: 'user',
    content: [
      { type: 'text', text: 'What is the weather here?' },
      { type: 'file', mediaType: 'image/png', data: new Uint8Array([1, 2, 3]) },
    ],
  },
  {
    role: 'assistant',
    content: [
      { type: 'reasoning', text: 'A city.', providerMetadata: { ollama: {} } },
      { type: 'text', text: 'Let me look.' },
      { type: 'tool_call', id: 'a', name: 'weather', input: { city: 'Nice' }, rawInput: '{"city":"Nice"}' },
    ],
  },
  {
    role: 'tool',
    content: [
      { type: 'tool_result', id: 'a', name: 'weather', output: [{ type: 'text', text: 'no answer' }], isError: true },
    ],
  },
  { role: 'user', content: [{ type: 'text', text: 'And tomorrow?' }] },
]
