import type { SentRequest } from '@wayfare/provider-kit/testing'

const path = 'responses'
const schema = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
}
const tool = { type: 'function', name: 'weather', description: 'Tells the weather.', parameters: schema, strict: true }

/** What the suite's conversations look like on this wire. */
export const requests: { readonly [scenario: string]: SentRequest } = {
  canonical_request: {
    path,
    body: {
      tools: [tool],
      store: false,
      include: ['reasoning.encrypted_content'],
      model: 'gpt-6-mini',
      input: [
        { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'Be brief.' }] },
        {
          type: 'message',
          role: 'user',
          content: [
            { type: 'input_text', text: 'What is the weather here? 👋' },
            { type: 'input_image', image_url: 'data:image/png;base64,iVBORw==' },
          ],
        },
        {
          type: 'message',
          role: 'assistant',
          content: [{ type: 'output_text', text: 'Let me look.', annotations: [] }],
        },
        { type: 'function_call', call_id: 'call_1', name: 'weather', arguments: '{"city":"Nice"}' },
        { type: 'function_call', call_id: 'call_2', name: 'weather', arguments: '{"city":"Rome"}' },
        { type: 'function_call_output', call_id: 'call_1', output: 'sunny' },
        { type: 'function_call_output', call_id: 'call_2', output: [{ type: 'input_text', text: 'no answer' }] },
        { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'And tomorrow?' }] },
      ],
      max_output_tokens: 1000,
      stream: true,
    },
  },
  foreign_history: {
    path,
    body: {
      tools: [tool],
      store: false,
      include: ['reasoning.encrypted_content'],
      model: 'gpt-6-mini',
      input: [
        { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'The weather?' }] },
        {
          type: 'message',
          role: 'assistant',
          content: [{ type: 'output_text', text: 'Let me look.', annotations: [] }],
        },
        { type: 'function_call', call_id: 'call_0_functions_weather_0', name: 'weather', arguments: '{"city":"Nice"}' },
        {
          type: 'function_call',
          call_id: 'call_1_toolu_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
          name: 'weather',
          arguments: '{"city":"Rome"}',
        },
        { type: 'function_call_output', call_id: 'call_0_functions_weather_0', output: 'sunny' },
        {
          type: 'function_call_output',
          call_id: 'call_1_toolu_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
          output: 'rain',
        },
        { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'And tomorrow?' }] },
      ],
      stream: true,
    },
    warnings: ['reasoning_dropped', 'block_dropped'],
  },
  options_request: {
    path,
    body: {
      tools: [tool],
      tool_choice: { type: 'function', name: 'weather' },
      store: false,
      include: ['reasoning.encrypted_content'],
      model: 'gpt-6-mini',
      input: [
        { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Say Hé👋lo, canary-prompt-5b1d.' }] },
      ],
      max_output_tokens: 1000,
      stream: true,
    },
    warnings: ['sampling_dropped'],
  },
  output_request: {
    path,
    body: {
      text: { format: { type: 'json_schema', name: 'place', schema: schema, strict: true } },
      store: false,
      include: ['reasoning.encrypted_content'],
      model: 'gpt-6-mini',
      input: [
        { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Say Hé👋lo, canary-prompt-5b1d.' }] },
      ],
      stream: true,
    },
  },
}
