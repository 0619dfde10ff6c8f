import type { SentRequest } from '@wayfare/provider-kit/testing'

const path = 'messages'
const schema = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
}
const tool = { name: 'weather', description: 'Tells the weather.', input_schema: schema }
const longId = `toolu_${'x'.repeat(90)}`

/** What the suite's conversations look like on this wire. */
export const requests: { readonly [scenario: string]: SentRequest } = {
  canonical_request: {
    path,
    body: {
      system: [{ type: 'text', text: 'Be brief.' }],
      tools: [tool],
      model: 'claude-sonnet-5',
      max_tokens: 1000,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is the weather here? 👋' },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw==' } },
          ],
        },
        {
          role: 'assistant',
          content: [
            { type: 'text', text: 'Let me look.' },
            { type: 'tool_use', id: 'call_1', name: 'weather', input: { city: 'Nice' } },
            { type: 'tool_use', id: 'call_2', name: 'weather', input: { city: 'Rome' } },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'call_1', content: 'sunny' },
            {
              type: 'tool_result',
              tool_use_id: 'call_2',
              content: [{ type: 'text', text: 'no answer' }],
              is_error: true,
            },
            { type: 'text', text: 'And tomorrow?' },
          ],
        },
      ],
      stream: true,
    },
  },
  foreign_history: {
    path,
    body: {
      tools: [tool],
      model: 'claude-sonnet-5',
      max_tokens: 128000,
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'The weather?' }] },
        {
          role: 'assistant',
          content: [
            { type: 'text', text: 'Let me look.' },
            { type: 'tool_use', id: 'toolu_0_functions_weather_0', name: 'weather', input: { city: 'Nice' } },
            { type: 'tool_use', id: longId, name: 'weather', input: { city: 'Rome' } },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'toolu_0_functions_weather_0', content: 'sunny' },
            { type: 'tool_result', tool_use_id: longId, content: 'rain' },
            { type: 'text', text: 'And tomorrow?' },
          ],
        },
      ],
      stream: true,
    },
    warnings: ['reasoning_dropped', 'block_dropped'],
  },
  options_request: {
    path,
    body: {
      tools: [tool],
      tool_choice: { type: 'tool', name: 'weather' },
      thinking: { type: 'disabled' },
      model: 'claude-sonnet-5',
      max_tokens: 1000,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Say Hé👋lo, canary-prompt-5b1d.' }] }],
      stream: true,
    },
    warnings: ['sampling_dropped'],
  },
  output_request: {
    path,
    body: {
      output_config: { format: { type: 'json_schema', schema: schema } },
      model: 'claude-sonnet-5',
      max_tokens: 128000,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Say Hé👋lo, canary-prompt-5b1d.' }] }],
      stream: true,
    },
  },
}
