import type { SentRequest } from '@wayfare/provider-kit/testing'

const path = 'api/chat'
const schema = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
}
const tool = { type: 'function', function: { name: 'weather', description: 'Tells the weather.', parameters: schema } }
// Ids are free on this wire.
const longId = `toolu_${'x'.repeat(90)}`

/** What the suite's conversations look like on this wire. */
export const requests: { readonly [scenario: string]: SentRequest } = {
  canonical_request: {
    path,
    body: {
      tools: [tool],
      options: { num_predict: 1000 },
      model: 'qwen3:8b',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'What is the weather here? 👋', images: ['iVBORw=='] },
        {
          role: 'assistant',
          content: 'Let me look.',
          tool_calls: [
            { id: 'call_1', function: { index: 0, name: 'weather', arguments: { city: 'Nice' } } },
            { id: 'call_2', function: { index: 1, name: 'weather', arguments: { city: 'Rome' } } },
          ],
        },
        { role: 'tool', content: 'sunny', tool_name: 'weather', tool_call_id: 'call_1' },
        { role: 'tool', content: 'Error: no answer', tool_name: 'weather', tool_call_id: 'call_2' },
        { role: 'user', content: 'And tomorrow?' },
      ],
      stream: true,
    },
  },
  foreign_history: {
    path,
    body: {
      tools: [tool],
      model: 'qwen3:8b',
      messages: [
        { role: 'user', content: 'The weather?' },
        {
          role: 'assistant',
          content: 'Let me look.',
          tool_calls: [
            { id: 'functions.weather:0', function: { index: 0, name: 'weather', arguments: { city: 'Nice' } } },
            { id: longId, function: { index: 1, name: 'weather', arguments: { city: 'Rome' } } },
          ],
        },
        { role: 'tool', content: 'sunny', tool_name: 'weather', tool_call_id: 'functions.weather:0' },
        { role: 'tool', content: 'rain', tool_name: 'weather', tool_call_id: longId },
        { role: 'user', content: 'And tomorrow?' },
      ],
      stream: true,
    },
    warnings: ['reasoning_dropped', 'block_dropped'],
  },
  options_request: {
    path,
    body: {
      tools: [tool],
      options: { temperature: 0.5, num_predict: 1000 },
      model: 'qwen3:8b',
      messages: [{ role: 'user', content: 'Say Hé👋lo, canary-prompt-5b1d.' }],
      stream: true,
    },
    warnings: ['tool_choice_dropped'],
  },
  output_request: {
    path,
    body: {
      format: schema,
      model: 'qwen3:8b',
      messages: [{ role: 'user', content: 'Say Hé👋lo, canary-prompt-5b1d.' }],
      stream: true,
    },
  },
}
