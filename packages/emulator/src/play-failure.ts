import type { Exchange } from './exchange.ts'
import type { Failure } from './reply.ts'
import type { FailureFacts, Wire, WireFailure } from './wire.ts'
import { contentType, encodeEvent } from './framing.ts'

export interface FailureStage {
  readonly wire: Wire
  readonly exchange: Exchange
  readonly facts: FailureFacts
  readonly stream: boolean
  /** Called with the status just before it is sent. */
  onStatus(status: number): void
}

/** Plays a scripted refusal. */
export async function playFailure(failure: Failure, stage: FailureStage): Promise<void> {
  await stage.exchange.pause(failure.delayMs)
  if (typeof failure.error === 'string') {
    const refusal = stage.wire.failure(failure.error, { ...stage.facts, retryAfter: failure.retryAfter })
    return refuse(
      { ...refusal, ...(failure.status === undefined ? {} : { status: failure.status }) },
      stage,
      failure.headers,
    )
  }
  const { body, contentType: type } = failure.error
  const retry = failure.retryAfter === undefined ? {} : { 'retry-after': failure.retryAfter }
  const fallback = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8'
  const bytes = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body ?? null)
  return send(stage, failure.status ?? 500, bytes, { 'content-type': type ?? fallback, ...retry, ...failure.headers })
}

/** Sends the vendor's own refusal. */
export async function refuse(
  failure: WireFailure,
  stage: FailureStage,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  if (failure.inStream && stage.stream) {
    const type = contentType(stage.wire.framing)
    const line = encodeEvent(stage.wire.framing, { data: failure.body }, '\n')
    return send(stage, failure.status, line, { 'content-type': type, ...failure.headers, ...headers })
  }
  return sendJSON(failure.status, failure.body, stage, { ...failure.headers, ...headers })
}

/** Sends a body as it is. */
export async function sendJSON(
  status: number,
  body: unknown,
  stage: FailureStage,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  return send(stage, status, JSON.stringify(body), { 'content-type': 'application/json; charset=utf-8', ...headers })
}

async function send(
  stage: FailureStage,
  status: number,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  stage.onStatus(status)
  const length = String(Buffer.byteLength(body))
  // A status that forbids a body must not announce one.
  const size: Record<string, string> = status === 204 || status === 304 ? {} : { 'content-length': length }
  stage.exchange.head(status, { ...stage.wire.headers(stage.facts.id), ...size, ...headers })
  await stage.exchange.write(body)
  await stage.exchange.end()
}
