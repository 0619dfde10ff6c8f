import type { ProviderEvent } from './contract/provider.ts'

/** What a pull of a provider's events brings. */
export type Pulled = IteratorResult<ProviderEvent | readonly ProviderEvent[]>

/** The events of one network read: most wires hand them over together, some one at a time. */
export function eventsOf(read: ProviderEvent | readonly ProviderEvent[]): readonly ProviderEvent[] {
  return Array.isArray(read) ? (read as readonly ProviderEvent[]) : [read as ProviderEvent] // isArray does not narrow readonly arrays
}
