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
  /** What may be kept for an event that is not complete, in bytes. Default 32 MiB; beyond it `SSEError` is thrown. */
  readonly maxEventBytes?: number | undefined
}

/** What stands between two places of a text that has one character for each byte. */
export type SSEDecode = (start: number, end: number) => string

/**
 * Takes what a stream says as it is found, without an object for each event. Strings may be cut from the text of a whole chunk,
 * which one of them keeps in memory: who keeps a string copies it.
 */
export interface SSESink {
  /** One event. `name`: `message` unless the stream named it. `id`: the last one of the stream, or ''. */
  event(data: string, name: string, id: string): void
  /** A field that makes no part of an event. */
  field?(name: string, value: string): void
  /**
   * Asked first about events that came whole, unless an id was set before. The text holds whole lines, and one begins at `at`.
   * When an event in plain form (fields, one blank line, line feeds only) begins there that the sink knows, it takes it, and
   * those behind it that it knows, too, and says where the first other one begins. None: -1.
   *
   * With `decode` the text has one character for each byte, and those from 0x80 on only hold their place.
   */
  match?(text: string, at: number, decode?: SSEDecode): number
}
