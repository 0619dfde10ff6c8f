import type { OllamaOptions } from './options.ts'

export { ollama } from './provider.ts'
export type { OllamaOptions } from './options.ts'

declare module '@wayfare/core' {
  interface ProviderOptions {
    readonly ollama?: OllamaOptions | undefined
  }
}
