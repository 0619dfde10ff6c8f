import type { FieldTable, Phrases } from '../field-table.ts'

/** The camel-case spelling alone, which the vendor documents; its servers also take snake_case. */
export const requestFields: FieldTable = {
  contents: '!array',
  systemInstruction: 'object',
  tools: 'array',
  toolConfig: 'object',
  safetySettings: 'array',
  generationConfig: 'object',
  cachedContent: 'string',
  serviceTier: 'string',
  store: 'boolean',
}

export const generationFields: FieldTable = {
  candidateCount: 'integer',
  enableEnhancedCivicAnswers: 'boolean',
  frequencyPenalty: 'number',
  imageConfig: 'object',
  logprobs: 'integer',
  maxOutputTokens: 'integer',
  mediaResolution: 'string',
  presencePenalty: 'number',
  responseJsonSchema: 'any',
  responseLogprobs: 'boolean',
  responseMimeType: 'string',
  responseModalities: 'array',
  responseSchema: 'object',
  seed: 'integer',
  speechConfig: 'object',
  stopSequences: 'array',
  temperature: 'number',
  thinkingConfig: 'object',
  topK: 'integer',
  topP: 'number',
}

export const phrases: Phrases = {
  unknown: (path) => `Invalid JSON payload received. Unknown name "${path}": Cannot find field.`,
  missing: (path) => `* GenerateContentRequest.${path}: ${path} is not specified`,
  type: (path, expected) => `Invalid value at '${path}' (expected ${expected})`,
}
