/** `providerOptions.anthropic`. Keys not named here go into the request body as they are. */
export interface AnthropicOptions {
  readonly [key: string]: unknown
  /** Merged over what `reasoning` chose. `display: "summarized"` shows the thoughts of models that hide them. */
  readonly thinking?: AnthropicThinking | undefined
  /** The container of code execution or skills to go on with. */
  readonly container?: unknown
  /** Sent as `anthropic-beta`. */
  readonly betas?: readonly string[] | undefined
  readonly serviceTier?: 'auto' | 'standard_only' | undefined
  /** The vendor's own tools (web search, code execution ...), put after the tools of the call. */
  readonly tools?: readonly { readonly [key: string]: unknown }[] | undefined
}

export interface AnthropicThinking {
  readonly [key: string]: unknown
  readonly display?: 'summarized' | 'omitted' | undefined
}
