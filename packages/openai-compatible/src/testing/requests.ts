import type { SentRequest } from '@wayfare/provider-kit/testing'

const weather = {
  type: 'function',
  function: {
    name: 'weather',
    description: 'Tells the weather.',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
      additionalProperties: false,
    },
  },
}
const question = { role: 'user', content: 'Say Hé👋lo, canary-prompt-5b1d.' }
const path = 'chat/completions'

/** The requests of the suite, without what only some servers want. */
export function requests(model: string, more: object = {}): { readonly [scenario: string]: SentRequest } {
  const common = { model, stream: true, ...more }
  return {
    canonical_request: {
      path,
      body: {
        ...common,
        max_tokens: 1_000,
        messages: [
          { role: 'system', content: 'Be brief.' },
          {
            role: 'user',
            content: [
              { type: 'text', text: 'What is the weather here? 👋' },
              { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw==' } },
            ],
          },
          { role: 'assistant', content: 'Let me look.', tool_calls: [call('call_1', 'Nice'), call('call_2', 'Rome')] },
          { role: 'tool', tool_call_id: 'call_1', content: 'sunny' },
          { role: 'tool', tool_call_id: 'call_2', content: 'no answer' },
          { role: 'user', content: 'And tomorrow?' },
        ],
        tools: [weather],
      },
    },
    foreign_history: {
      path,
      body: {
        ...common,
        messages: [
          { role: 'user', content: 'The weather?' },
          { role: 'assistant', content: 'Let me look.', tool_calls: [call('call_0', 'Nice'), call('call_1', 'Rome')] },
          { role: 'tool', tool_call_id: 'call_0', content: 'sunny' },
          { role: 'tool', tool_call_id: 'call_1', content: 'rain' },
          { role: 'user', content: 'And tomorrow?' },
        ],
        tools: [weather],
      },
      warnings: ['reasoning_dropped', 'block_dropped'],
    },
    options_request: {
      path,
      body: {
        ...common,
        max_tokens: 1_000,
        temperature: 0.5,
        messages: [question],
        tools: [weather],
        tool_choice: { type: 'function', function: { name: 'weather' } },
      },
    },
    output_request: {
      path,
      body: {
        ...common,
        messages: [question],
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'place', schema: weather.function.parameters },
        },
      },
    },
  }
}

function call(id: string, city: string): object {
  return { id, type: 'function', function: { name: 'weather', arguments: JSON.stringify({ city }) } }
}
