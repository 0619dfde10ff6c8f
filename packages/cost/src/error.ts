/**
 * The brand and the fields of core's `LLMError`, so that `LLMError.is(error)` holds; this package imports nothing but types.
 * None of them passes by itself.
 */
abstract class CostError extends Error {
  abstract readonly kind: 'config' | 'store'
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

/** A limit or an option that cannot be right. */
export class CostConfigError extends CostError {
  override readonly name = 'CostConfigError'
  override readonly kind = 'config' as const
}

/** A store that cannot be relied on: it lost what it was told, or cannot keep what it is told. */
export class CostStoreError extends CostError {
  override readonly name = 'CostStoreError'
  override readonly kind = 'store' as const
}
