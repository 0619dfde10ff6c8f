type Fields = { readonly [key: string]: unknown }

/** `providerOptions.google`. Keys not named here go into the request body as they are. */
export interface GoogleOptions {
  readonly [key: string]: unknown
  /** Merged over what `reasoning` chose. */
  readonly thinkingConfig?: GoogleThinking | undefined
  /** Merged over what the call's own options became. */
  readonly generationConfig?: Fields | undefined
  readonly safetySettings?: readonly { readonly category: string; readonly threshold: string }[] | undefined
  /** The name of a cached content: `cachedContents/...`. */
  readonly cachedContent?: string | undefined
  /** The vendor's own tools (`googleSearch`, `codeExecution` ...), put after the tools of the call. */
  readonly tools?: readonly Fields[] | undefined
}

export interface GoogleThinking {
  readonly [key: string]: unknown
  readonly includeThoughts?: boolean | undefined
  readonly thinkingBudget?: number | undefined
  readonly thinkingLevel?: string | undefined
}
