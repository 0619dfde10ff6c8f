import type { Wire } from '../src/wire.ts'

/** A request that breaks exactly one rule: the fields that differ from the smallest valid one. */
export interface Row {
  readonly rule: string
  readonly body?: Record<string, unknown>
  readonly model?: string
  readonly headers?: Record<string, string>
}

export interface Base {
  readonly model: string
  readonly body: Record<string, unknown>
  readonly headers?: Record<string, string>
}

/** The name of the first rule of the wire that a request breaks, if any. */
export function broken(wire: Wire, base: Base, change: Omit<Row, 'rule'>): string | undefined {
  const model = change.model ?? base.model
  const merged = { ...(wire.name === 'google' ? {} : { model }), ...base.body, ...change.body }
  // Undefined takes a field away, as JSON would.
  const body = JSON.parse(JSON.stringify(merged)) as Record<string, unknown>
  const request = { model, body, headers: { ...base.headers, ...change.headers } }
  return wire.rules.find((rule) => rule.check(request) !== undefined)?.name
}
