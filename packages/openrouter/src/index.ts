import type { OpenRouterOptions } from './options.ts'

export { openrouter } from './provider.ts'
export type { OpenRouterOptions, OpenRouterProviderOptions } from './options.ts'

declare module '@wayfare/core' {
  interface KnownModels {
    'openrouter/openrouter/auto': true
    'openrouter/anthropic/claude-sonnet-5': true
    'openrouter/openai/gpt-5-mini': true
  }
  interface ProviderOptions {
    readonly openrouter?: OpenRouterOptions | undefined
  }
}
