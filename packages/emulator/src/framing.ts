import type { Framing, StreamEvent } from './wire.ts'

type LineEnd = '\n' | '\r\n'

export function contentType(framing: Framing): string {
  return framing === 'sse' ? 'text/event-stream; charset=utf-8' : 'application/x-ndjson'
}

/** One event as text, its blank line included. */
export function encodeEvent(framing: Framing, event: StreamEvent, lineEnd: LineEnd): string {
  if ('comment' in event) return framing === 'sse' ? `: ${event.comment}${lineEnd}${lineEnd}` : lineEnd
  const data = 'text' in event ? event.text : JSON.stringify(event.data)
  if (framing === 'ndjson') return data + lineEnd
  const name = event.event === undefined ? '' : `event: ${event.event}${lineEnd}`
  return `${name}data: ${data}${lineEnd}${lineEnd}`
}

/** A copy of an event whose JSON breaks off. */
export function malformedEvent(event: StreamEvent): StreamEvent {
  const data = 'data' in event ? JSON.stringify(event.data) : '{"broken": true}'
  const name = 'event' in event && event.event !== undefined ? { event: event.event } : {}
  return { ...name, text: data.slice(0, Math.max(1, Math.floor(data.length / 2))) }
}

export const htmlPage: string =
  '<!DOCTYPE html>\n<html><head><title>Sign in to the network</title></head><body><h1>Please sign in</h1></body></html>\n'
