/** One dispatched event. */
export interface SSEEvent {
  /** `message` unless the stream named it. */
  event: string
  /** The data lines, joined by line feeds. */
  data: string
  /** The last event id of the stream, once one was set. */
  id?: string
}

export interface SSEOptions {
  /** Stops at the event whose data is exactly this; neither it nor anything behind it is handed out. */
  readonly until?: string | undefined
  /** Whether `end()` dispatches a last event that no blank line ended. The WHATWG text drops it. Default false. */
  readonly tail?: boolean | undefined
  /** Sees the fields that make no part of an event (`retry` among them), as they are read. */
  readonly onField?: ((name: string, value: string) => void) | undefined
  /**
   * Strings may be cut from the text of the chunk that they came in, which one of them then keeps in memory: quicker, for
   * who parses them at once. Default false: every string is a copy.
   */
  readonly shared?: boolean | undefined
  /** What may be kept for an event that is not complete, in bytes. Default 32 MiB; beyond it `SSEError` is thrown. */
  readonly maxEventBytes?: number | undefined
}
