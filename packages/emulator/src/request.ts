import type { Reply, WireName } from './reply.ts'

/** What the emulator received. Everything but `status`, `refusedBy` and `closedEarly` is as the client sent it. */
export interface EmulatedRequest {
  readonly wire: WireName
  readonly method: string
  /** Below the host, without the query. */
  readonly path: string
  /** Without the question mark; empty when there is none. */
  readonly query: string
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  /** Parsed JSON; the text when it is none; undefined when empty. */
  readonly body: unknown
  /** Of a chat request. */
  readonly model?: string
  /** Whether a stream was asked for. */
  readonly stream: boolean
  /** What was answered; absent until then, and after `Raw`. */
  readonly status?: number
  /** The rule of the wire that the request broke. */
  readonly refusedBy?: string
  /** Whether the client went away before the end of the response. */
  readonly closedEarly: boolean
}

/** Decides what one request gets; undefined leaves it to the default. */
export type Replier = (request: EmulatedRequest) => Reply | undefined
