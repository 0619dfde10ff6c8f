import type { Exchange } from './exchange.ts'
import type { Answer, Fault } from './reply.ts'
import type { Chat, StreamEvent, Turn, Wire } from './wire.ts'
import { contentType, encodeEvent, htmlPage, malformedEvent } from './framing.ts'

/** What playing a reply needs to know of the request that it meets. */
export interface Stage {
  readonly wire: Wire
  readonly chat: Chat
  readonly exchange: Exchange
  readonly turn: Turn
  readonly stream: boolean
  /** Called with the status just before it is sent. */
  onStatus(status: number): void
}

export async function playAnswer(answer: Answer, stage: Stage): Promise<void> {
  await stage.exchange.pause(answer.delayMs)
  const { fault } = answer
  if (fault?.kind === 'empty') return respond(answer, stage, 'application/json', '')
  if (fault?.kind === 'html' && fault.after <= 0) return respond(answer, stage, 'text/html; charset=utf-8', htmlPage)
  return stage.stream ? playStream(answer, stage) : playBody(answer, stage)
}

async function respond(answer: Answer, stage: Stage, type: string, body: string): Promise<void> {
  head(answer, stage, type)
  await stage.exchange.write(body, answer.splitBytes)
  await stage.exchange.end()
}

function head(answer: Answer, stage: Stage, type: string, more: Readonly<Record<string, string>> = {}): void {
  stage.onStatus(200)
  stage.exchange.head(200, {
    ...stage.wire.headers(stage.turn.id),
    'content-type': type,
    ...more,
    ...answer.headers,
  })
}

async function playStream(answer: Answer, stage: Stage): Promise<void> {
  const { wire, chat, exchange, turn } = stage
  const events = chat.stream(turn)
  const breakAt = answer.fault === undefined ? events.length : breakPoint(events, answer.fault.after)
  head(answer, stage, contentType(wire.framing))
  await sendEvents(events.slice(0, breakAt), answer, stage)
  if (answer.fault === undefined) return exchange.end()
  const rest = events.slice(breakAt)
  const next = rest[0] ?? { comment: '' }
  switch (answer.fault.kind) {
    case 'reset':
      return exchange.reset()
    case 'stall':
      return exchange.untilGone()
    case 'keep_alive':
      while (!exchange.over) {
        await sendEvents([{ comment: 'keep-alive' }], answer, stage)
        await exchange.pause(answer.paceMs ?? 10)
      }
      return undefined
    case 'cut': {
      const bytes = Buffer.from(encode(next, answer, stage))
      await exchange.write(bytes.subarray(0, bytes.length / 2), answer.splitBytes)
      return exchange.cut()
    }
    case 'error':
      await sendEvents([chat.streamError(failureOf(answer.fault, stage), turn)], answer, stage)
      return exchange.end()
    case 'malformed':
      await sendEvents([malformedEvent(next), ...rest.slice(1)], answer, stage)
      return exchange.end()
    case 'html':
      await exchange.write(htmlPage, answer.splitBytes)
      return exchange.end()
    case 'end':
    case 'empty':
      return exchange.end()
  }
}

/** The index before which `after` deltas have been sent: what precedes the first delta always is. */
function breakPoint(events: readonly StreamEvent[], after: number): number {
  const deltas = events.flatMap((event, index) => (event.content ? [index] : []))
  if (deltas.length === 0) return 0
  if (after <= 0) return deltas[0] ?? 0
  return (deltas[Math.min(after, deltas.length) - 1] ?? 0) + 1
}

async function sendEvents(events: readonly StreamEvent[], answer: Answer, stage: Stage): Promise<void> {
  let first = true
  for (const event of events) {
    if (stage.exchange.over) return
    if (event.content && !first) await stage.exchange.pause(answer.paceMs)
    if (event.content) first = false
    await stage.exchange.write(encode(event, answer, stage), answer.splitBytes)
  }
}

function encode(event: StreamEvent, answer: Answer, stage: Stage): string {
  return encodeEvent(stage.wire.framing, event, answer.lineEnd ?? '\n')
}

function failureOf(fault: Fault, stage: Stage): ReturnType<Wire['failure']> {
  return stage.wire.failure(fault.error ?? 'overloaded', { model: stage.turn.model, id: stage.turn.id })
}

async function playBody(answer: Answer, stage: Stage): Promise<void> {
  const { exchange, chat, turn } = stage
  const body = Buffer.from(JSON.stringify(chat.body(turn)))
  const { fault } = answer
  if (fault === undefined) {
    head(answer, stage, 'application/json; charset=utf-8', { 'content-length': String(body.length) })
    await exchange.write(body, answer.splitBytes)
    return exchange.end()
  }
  if (fault.kind === 'error') {
    return respond(answer, stage, 'application/json; charset=utf-8', JSON.stringify(failureOf(fault, stage).body))
  }
  head(
    answer,
    stage,
    'application/json; charset=utf-8',
    fault.kind === 'cut' ? { 'content-length': String(body.length) } : {},
  )
  await exchange.write(body.subarray(0, body.length / 2), answer.splitBytes)
  switch (fault.kind) {
    case 'reset':
      return exchange.reset()
    case 'cut':
      return exchange.cut()
    case 'stall':
      return exchange.untilGone()
    case 'keep_alive':
      while (!exchange.over) {
        await exchange.write(' ')
        await exchange.pause(answer.paceMs ?? 10)
      }
      return undefined
    case 'html':
      await exchange.write(htmlPage)
      return exchange.end()
    case 'end':
    case 'malformed':
    case 'empty':
      return exchange.end()
  }
}
