import type { SentRequest } from '@wayfare/provider-kit/testing'

const path = 'models/gemini-3.5-flash:streamGenerateContent?alt=sse'
const schema = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
}
const tool = {
  functionDeclarations: [{ name: 'weather', description: 'Tells the weather.', parametersJsonSchema: schema }],
}

/** What the suite's conversations look like on this wire. */
export const requests: { readonly [scenario: string]: SentRequest } = {
  canonical_request: {
    path,
    body: {
      systemInstruction: { parts: [{ text: 'Be brief.' }] },
      tools: [tool],
      generationConfig: { maxOutputTokens: 1000 },
      contents: [
        {
          role: 'user',
          parts: [
            { text: 'What is the weather here? 👋' },
            { inlineData: { mimeType: 'image/png', data: 'iVBORw==' } },
          ],
        },
        {
          role: 'model',
          parts: [
            { text: 'Let me look.' },
            {
              functionCall: { name: 'weather', args: { city: 'Nice' } },
              thoughtSignature: 'skip_thought_signature_validator',
            },
            { functionCall: { name: 'weather', args: { city: 'Rome' } } },
          ],
        },
        {
          role: 'user',
          parts: [
            { functionResponse: { name: 'weather', response: { output: 'sunny' } } },
            { functionResponse: { name: 'weather', response: { error: 'no answer' } } },
          ],
        },
        { role: 'user', parts: [{ text: 'And tomorrow?' }] },
      ],
    },
    warnings: ['thought_signature_missing'],
  },
  foreign_history: {
    path,
    body: {
      tools: [tool],
      contents: [
        { role: 'user', parts: [{ text: 'The weather?' }] },
        {
          role: 'model',
          parts: [
            { text: 'Let me look.' },
            {
              functionCall: { name: 'weather', args: { city: 'Nice' } },
              thoughtSignature: 'skip_thought_signature_validator',
            },
            { functionCall: { name: 'weather', args: { city: 'Rome' } } },
          ],
        },
        {
          role: 'user',
          parts: [
            { functionResponse: { name: 'weather', response: { output: 'sunny' } } },
            { functionResponse: { name: 'weather', response: { output: 'rain' } } },
          ],
        },
        { role: 'user', parts: [{ text: 'And tomorrow?' }] },
      ],
    },
    warnings: ['reasoning_dropped', 'block_dropped', 'thought_signature_missing'],
  },
  options_request: {
    path,
    body: {
      tools: [tool],
      toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['weather'] } },
      generationConfig: { temperature: 0.5, maxOutputTokens: 1000 },
      contents: [{ role: 'user', parts: [{ text: 'Say Hé👋lo, canary-prompt-5b1d.' }] }],
    },
  },
  output_request: {
    path,
    body: {
      generationConfig: { responseMimeType: 'application/json', responseJsonSchema: schema },
      contents: [{ role: 'user', parts: [{ text: 'Say Hé👋lo, canary-prompt-5b1d.' }] }],
    },
  },
}
