import type { ProviderEvent, ProviderRequest } from '@wayfare/core'
import type { BodyReader } from '@wayfare/provider-kit'

export { gather } from '../src/testing/gather.ts'

/** A request with one user message, and whatever a test changes. */
export function asking(changes: Partial<ProviderRequest> & Pick<ProviderRequest, 'model'>): ProviderRequest {
  return {
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
    tools: [],
    toolChoice: 'auto',
    stream: true,
    signal: new AbortController().signal,
    attemptId: 'attempt1',
    clock: {
      now: () => performance.now(),
      date: () => new Date(),
      sleep: () => Promise.resolve(),
      timer: (ms, fire) => {
        const timer = setTimeout(fire, ms)
        return { clear: () => clearTimeout(timer) }
      },
    },
    timeout: { connectMs: 10_000, firstByteMs: 30_000, idleMs: 30_000 },
    ...changes,
  }
}

/** What one JSON body says. */
export function bodyEvents(reader: BodyReader, body: unknown): readonly ProviderEvent[] {
  const out: ProviderEvent[] = []
  reader.readBody(body, out)
  return out
}

export function textOf(events: readonly ProviderEvent[]): string {
  return events.flatMap((event) => (event.type === 'text_delta' ? [event.text] : [])).join('')
}

export function partsOf(events: readonly ProviderEvent[]): readonly unknown[] {
  return events.flatMap((event) => (event.type === 'part' ? [event.part] : []))
}

/** The bytes in slices of one size. */
export async function* sliced(text: string | Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
