import type { AnthropicOptions } from './options.ts'

export { anthropic } from './provider.ts'
export type { AnthropicOptions, AnthropicThinking } from './options.ts'

declare module '@wayfare/core' {
  interface KnownModels {
    'anthropic/claude-opus-5-5': true
    'anthropic/claude-sonnet-5-5': true
    'anthropic/claude-sonnet-5': true
    'anthropic/claude-haiku-5': true
    'anthropic/claude-opus-4-8': true
    'anthropic/claude-sonnet-4-6': true
    'anthropic/claude-haiku-4-5': true
  }
  interface ProviderOptions {
    readonly anthropic?: AnthropicOptions | undefined
  }
}
