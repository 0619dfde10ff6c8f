import { createLLM } from '@wayfare/llm'
import { openai } from '@wayfare/openai'
const llm = createLLM({
  providers: [
    openai({ name: 'openai-eu', baseURL: 'https://eu.api.openai.com/v1', apiKey: () => process.env['EU_KEY']! }),
    openai({ name: 'openai-us', apiKey: process.env['US_KEY'] }),
  ],
  model: 'openai-eu/gpt-6-mini',
  fallbacks: ['openai-us/gpt-6-mini'],
})
console.log((await llm.complete({ messages: 'hi' })).provider)
