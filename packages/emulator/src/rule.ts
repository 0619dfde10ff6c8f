import type { FailureName } from './reply.ts'

/** One thing that a vendor insists on. `check` is pure: the violation, or undefined when the request obeys. */
export interface Rule {
  /** What the record of a refused request names. */
  readonly name: string
  check(request: CheckedRequest): Violation | undefined
}

export interface CheckedRequest {
  readonly model: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, unknown>>
}

export interface Violation {
  /** The vendor's words, more or less. */
  readonly message: string
  /** The field at fault, where the vendor names it apart. */
  readonly param?: string
  /** Default: `bad_request`. */
  readonly failure?: FailureName
}
