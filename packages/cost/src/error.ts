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
