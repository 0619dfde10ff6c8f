import type { JSONValue, ProviderPart } from '@wayfare/core'
import type { Dialect } from './dialect.ts'
import type { Wire } from './wire.ts'

/** Keeps what comes along with an answer. Vendors repeat it as it grows, so that the last one counts. */
export class Aside {
  readonly #dialect: Dialect
  #value: JSONValue | undefined

  constructor(dialect: Dialect) {
    this.#dialect = dialect
  }

  see(chunk: Wire): void {
    this.#value = this.#dialect.aside?.read(chunk) ?? this.#value
  }

  parts(): ProviderPart[] {
    const { vendor, aside } = this.#dialect
    if (aside === undefined || this.#value === undefined) return []
    return [{ type: 'provider', vendor, kind: aside.kind, value: this.#value }]
  }
}
