const models = [
  { id: 'gemini-3-pro-preview', name: 'Gemini 3 Pro Preview', input: 1_048_576, output: 65_536 },
  { id: 'gemini-2.5-flash', name: 'Gemini 2.5 Flash', input: 1_048_576, output: 65_536 },
  { id: 'gemini-2.5-pro', name: 'Gemini 2.5 Pro', input: 1_048_576, output: 65_536 },
]

/** What `GET /v1beta/models` answers. */
export const modelList: object = {
  models: models.map(({ id, name, input, output }) => ({
    name: `models/${id}`,
    version: '001',
    displayName: name,
    description: `${name}, in the emulator`,
    inputTokenLimit: input,
    outputTokenLimit: output,
    supportedGenerationMethods: ['generateContent', 'countTokens'],
    temperature: 1,
    topP: 0.95,
    topK: 64,
    maxTemperature: 2,
    thinking: true,
  })),
}
