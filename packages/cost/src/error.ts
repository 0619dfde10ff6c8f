/**
 * A limit or an option that cannot be right. It carries the brand and the fields of core's `LLMError`, so that
 * `LLMError.is(error)` holds; this package imports nothing but types.
 */
export class CostConfigError extends Error {
  override readonly name = 'CostConfigError'
  readonly kind = 'config' as const
  readonly retryable = false
  readonly billed = 'no' as const
  readonly attempts: readonly never[] = []
  readonly details: { readonly providerMessage?: string } = {}
  readonly isLLMError = true as const

  toJSON(): { readonly [fact: string]: string | boolean | readonly never[] } {
    const { name, kind, message, retryable, billed, attempts } = this
    return { name, kind, message, retryable, billed, attempts }
  }
}

/**
 * A store that cannot be relied on: it lost what it was told, or cannot keep what it is told. Trying again at once does not
 * help. It carries the brand and the fields of core's `LLMError`, as `CostConfigError` does.
 */
export class CostStoreError extends Error {
  override readonly name = 'CostStoreError'
  readonly kind = 'store' as const
  readonly retryable = false
  readonly billed = 'no' as const
  readonly attempts: readonly never[] = []
  readonly details: { readonly providerMessage?: string } = {}
  readonly isLLMError = true as const

  toJSON(): { readonly [fact: string]: string | boolean | readonly never[] } {
    const { name, kind, message, retryable, billed, attempts } = this
    return { name, kind, message, retryable, billed, attempts }
  }
}
