/**
 * `providerOptions.openai`: what OpenAI takes beyond Wayfare's own options. Keys not named here go into the request body as
 * they are; `responses` and `chat` say which of the two APIs knows one.
 */
export interface OpenAIOptions {
  readonly [key: string]: unknown
  readonly service_tier?: 'auto' | 'default' | 'flex' | 'priority' | undefined
  readonly verbosity?: 'low' | 'medium' | 'high' | undefined
  readonly parallel_tool_calls?: boolean | undefined
  readonly prompt_cache_key?: string | undefined
  readonly safety_identifier?: string | undefined
  /** Default false for responses, where encrypted reasoning comes along instead. */
  readonly store?: boolean | undefined
  readonly metadata?: { readonly [key: string]: string } | undefined
  /** Responses: joined with what `reasoning` of the call chose. `summary: 'auto'` shows what the model thought. */
  readonly reasoning?: OpenAIReasoning | undefined
  /** Responses: joined with the format that `output` of the call asks for. */
  readonly text?: { readonly [key: string]: unknown } | undefined
  /** Responses: the vendor's own tools (web search, code interpreter ...), put after the tools of the call. */
  readonly tools?: readonly { readonly [key: string]: unknown }[] | undefined
  /** Responses: what else to tell, such as `web_search_call.action.sources`. */
  readonly include?: readonly string[] | undefined
  /** Responses: goes on with what the vendor stored; the messages of the call are then the new ones alone. */
  readonly previous_response_id?: string | undefined
}

export interface OpenAIReasoning {
  readonly [key: string]: unknown
  readonly summary?: 'auto' | 'concise' | 'detailed' | undefined
}
