import type { OpenAIOptions } from './options.ts'

export { openai } from './provider.ts'
export type { OpenAIProviderOptions } from './provider.ts'
export type { OpenAIOptions, OpenAIReasoning } from './options.ts'

declare module '@wayfare/core' {
  interface KnownModels {
    'openai/gpt-6-mini': true
    'openai/gpt-5.6': true
    'openai/gpt-5.4': true
    'openai/gpt-5.4-mini': true
    'openai/gpt-5-mini': true
    'openai/gpt-4.1': true
    'openai/gpt-4o-mini': true
  }
  interface ProviderOptions {
    readonly openai?: OpenAIOptions | undefined
  }
}
