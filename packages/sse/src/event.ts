/** One dispatched event. */
export interface SSEEvent {
  /** `message` unless the stream named it. */
  event: string
  /** The data lines, joined by line feeds. */
  data: string
  /** The last event id of the stream, once one was set. */
  id?: string
  /** Of the form that has read it: `data` is then what the form found, not the event's own. */
  matched?: object
}

/** Reads events that it knows without making strings of them. */
export interface EventForm {
  /**
   * The text holds whole lines, and one begins at `at`. When an event in plain form (fields, one blank line, line feeds only)
   * begins there that this form knows: where the one behind it begins. Any other: -1.
   */
  match(text: string, at: number): number
  /** What was read of the event that `match` met last. */
  readonly data: string
  /** What kind of event that was: handed out with it, because the form may know another one by the time it is looked at. */
  readonly kind: object
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
  /** Asked first for every event that came whole, unless an id was set before. For `shared` only. */
  readonly form?: EventForm | undefined
  /** What may be kept for an event that is not complete, in bytes. Default 32 MiB; beyond it `SSEError` is thrown. */
  readonly maxEventBytes?: number | undefined
}
