import type { Sample, SentRequest } from './samples.ts'
import type { Stage } from './stage.ts'

/** Something that every provider must do. `run` throws an AssertionError where the one on stage does something else. */
export interface Scenario {
  /** snake_case, unique; the key of its sample. */
  readonly name: string
  /** A sentence about the provider. */
  readonly title: string
  /**
   * `own`: played from a sample of this name, and skipped without one. `request`: compares with the sent request of this name.
   * Another name: made from the sample of that name. `none`: the same for all vendors.
   */
  readonly from: 'own' | 'request' | 'none' | { readonly sample: string }
  readonly run: (stage: Stage, source: Source) => Promise<void>
}

export interface Source {
  /** Of `own` and `{ sample }`; throws when there is none. */
  readonly sample: Sample
  /** Of `request`; throws when there is none. */
  readonly sent: SentRequest
}
