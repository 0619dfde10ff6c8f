import type { Answer, Raw, RawStep } from '@wayfare/emulator'
import { startEmulator } from '@wayfare/emulator'
import { createLLM } from '@wayfare/llm'
import { openai } from '@wayfare/openai'
import { canaryKey } from './wires.ts'
import type { Wire } from './wires.ts'

/** The body that a wire streams for an answer, as its vendor would send it. */
export async function recordBytes(wire: Wire, answer: Answer): Promise<Uint8Array<ArrayBuffer>> {
  // Servers of the dialect stream usage unasked; this one only for whoever asks.
  const speaker = wire.name === 'openai-compatible' ? { ...wire, name: 'openai', make: chat } : wire
  await using emulator = await startEmulator()
  emulator.enqueue(speaker.wire, answer)
  let bytes: Uint8Array<ArrayBuffer> | undefined
  const recorder: typeof fetch = async (url, init) => {
    const response = await fetch(url, init)
    bytes = new Uint8Array(await response.arrayBuffer())
    return new Response(bytes, response)
  }
  const baseURL = emulator.baseURL(speaker.wire)
  const llm = createLLM({
    providers: [speaker.make({ baseURL, apiKey: canaryKey, fetch: recorder })],
    model: { provider: speaker.name, model: speaker.model },
  })
  await llm.complete({ messages: 'Hello?' })
  await llm.close()
  return bytes!
}

const chat: Wire['make'] = (options) => openai({ api: 'chat', ...options })

/** The same, event by event, without what separates them. */
export async function record(wire: Wire, answer: Answer): Promise<string[]> {
  const text = new TextDecoder().decode(await recordBytes(wire, answer))
  return text.split(separator(wire)).filter((event) => event !== '')
}

/** A response with these events, which ends with the connection. */
export function played(wire: Wire, events: readonly string[]): Raw {
  return { raw: [headOf(wire), bodyOf(wire, events)] }
}

export function bodyOf(wire: Wire, events: readonly string[]): string {
  return events.map((event) => event + separator(wire)).join('')
}

export function headOf(wire: Wire, contentType: string = contentTypeOf(wire)): string {
  return `HTTP/1.1 200 OK\r\ncontent-type: ${contentType}\r\nconnection: close\r\n\r\n`
}

/** Bytes that arrive one piece after the other, as far as loopback lets them. */
export function inPieces(pieces: readonly Uint8Array[]): RawStep[] {
  return pieces.flatMap((piece, at) => (at === 0 ? [piece] : [{ waitMs: 1 }, piece]))
}

/** An event of the wire from its JSON. */
export function eventOf(wire: Wire, data: unknown, name?: string): string {
  const json = typeof data === 'string' ? data : JSON.stringify(data)
  if (wire.format === 'ndjson') return json
  return `${name === undefined ? '' : `event: ${name}\n`}data: ${json}`
}

/** An event with other JSON in it. */
export function edited(event: string, change: (json: string) => string): string {
  return event.replace(/\{.*\}$/m, (json) => change(json))
}

function contentTypeOf(wire: Wire): string {
  return wire.format === 'sse' ? 'text/event-stream; charset=utf-8' : 'application/x-ndjson'
}

function separator(wire: Wire): string {
  return wire.format === 'sse' ? '\n\n' : '\n'
}
