import type { Chat } from '../src/wire.ts'

/** A request that breaks exactly one rule: the fields that differ from the smallest valid one. */
export interface Row {
  readonly rule: string
  readonly body?: Record<string, unknown>
  readonly model?: string
  readonly headers?: Record<string, string>
}

export interface Base {
  readonly model: string
  /** Set when the model stands in the path, not in the body. */
  readonly modelInPath?: true
  readonly body: Record<string, unknown>
  readonly headers?: Record<string, string>
}

/** The name of the first rule of a chat that a request breaks, if any. */
export function broken(chat: Chat, base: Base, change: Omit<Row, 'rule'>): string | undefined {
  const model = change.model ?? base.model
  const merged = { ...(base.modelInPath ? {} : { model }), ...base.body, ...change.body }
  // Undefined takes a field away, as JSON would.
  const body = JSON.parse(JSON.stringify(merged)) as Record<string, unknown>
  const request = { model, body, headers: { ...base.headers, ...change.headers } }
  return chat.rules.find((rule) => rule.check(request) !== undefined)?.name
}
