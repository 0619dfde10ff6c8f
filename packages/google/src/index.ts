import type { GoogleOptions } from './options.ts'

export { google } from './provider.ts'
export type { GoogleOptions, GoogleThinking } from './options.ts'

declare module '@wayfare/core' {
  interface KnownModels {
    'google/gemini-3.5-flash': true
    'google/gemini-2.5-pro': true
    'google/gemini-2.5-flash': true
  }
  interface ProviderOptions {
    readonly google?: GoogleOptions | undefined
  }
}
