/** What OpenAI's chat completions take beyond Wayfare's own options; sent as it stands. */
export interface OpenAIOptions {
  readonly [key: string]: unknown
  readonly service_tier?: 'auto' | 'default' | 'flex' | 'priority' | undefined
  readonly verbosity?: 'low' | 'medium' | 'high' | undefined
  readonly parallel_tool_calls?: boolean | undefined
  readonly prompt_cache_key?: string | undefined
  readonly safety_identifier?: string | undefined
  readonly store?: boolean | undefined
  readonly metadata?: { readonly [key: string]: string } | undefined
}
