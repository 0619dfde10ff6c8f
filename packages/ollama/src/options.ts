/** `providerOptions.ollama`. Keys not named here go into the request body as they are. */
export interface OllamaOptions {
  readonly [key: string]: unknown
  /** The model's parameters; `num_ctx` is the size of the context, which the server keeps small by default. */
  readonly options?: { readonly [key: string]: unknown; readonly num_ctx?: number | undefined } | undefined
  /** How long the model stays loaded, as "5m" or in seconds. */
  readonly keep_alive?: string | number | undefined
  /** `false`: an error, instead of forgetting the beginning, when the history is longer than the context. */
  readonly truncate?: boolean | undefined
}
