import type { Clock, Provider, ProviderEvent, ProviderRequest } from '@wayfare/core'

const clock: Clock = {
  now: () => performance.now(),
  date: () => new Date('2026-11-01T00:00:00Z'),
  sleep: () => Promise.reject(new Error('nothing sleeps here')),
  timer(ms, fire) {
    const handle = setTimeout(() => fire(), ms)
    return { clear: () => clearTimeout(handle) }
  },
}

/** A request with everything that a test does not care about. */
export function request(more: Partial<ProviderRequest> = {}): ProviderRequest {
  return {
    model: 'm',
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
    tools: [],
    toolChoice: 'auto',
    stream: true,
    signal: new AbortController().signal,
    attemptId: 'a1',
    clock,
    timeout: { connectMs: 5000, firstByteMs: 5000, idleMs: 5000 },
    ...more,
  }
}

export async function events(provider: Provider, more: Partial<ProviderRequest> = {}): Promise<ProviderEvent[]> {
  const all: ProviderEvent[] = []
  for await (const item of provider.chat(request(more))) all.push(...([item].flat() as ProviderEvent[])) // one event or some
  return all
}

/** The events until a failure, and the failure. */
export async function broken(
  provider: Provider,
  more: Partial<ProviderRequest> = {},
): Promise<{ seen: ProviderEvent[]; error: unknown }> {
  const seen: ProviderEvent[] = []
  try {
    for await (const item of provider.chat(request(more))) seen.push(...([item].flat() as ProviderEvent[])) // as above
  } catch (error) {
    return { seen, error }
  }
  throw new Error('expected a failure')
}

export function textOf(all: readonly ProviderEvent[]): string {
  return all.map((event) => (event.type === 'text_delta' ? event.text : '')).join('')
}

/** A server in the form of a fetch: it answers every request with these bytes, cut into slices. */
export function answering(
  body: string | Uint8Array,
  { type = 'text/event-stream', size = 65_536, status = 200 }: { type?: string; size?: number; status?: number } = {},
): typeof fetch {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  return async () => {
    let at = 0
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (at >= bytes.length) return controller.close()
        controller.enqueue(bytes.slice(at, (at += size)))
      },
    })
    return new Response(stream, { status, headers: { 'content-type': type, 'x-request-id': 'req-1' } })
  }
}

/** An event stream of JSON chunks, ended by `[DONE]` unless told otherwise. */
export function sse(
  chunks: readonly unknown[],
  { end = '\n', done = true }: { end?: string; done?: boolean } = {},
): string {
  const lines = chunks.map((chunk) => `data: ${typeof chunk === 'string' ? chunk : JSON.stringify(chunk)}${end}${end}`)
  return lines.join('') + (done ? `data: [DONE]${end}${end}` : '')
}

/** One chunk of a streamed completion. */
export function chunk(delta: object, finish: string | null = null, more: object = {}): object {
  return {
    id: 'c1',
    object: 'chat.completion.chunk',
    model: 'm-1',
    choices: [{ index: 0, delta, finish_reason: finish }],
    ...more,
  }
}
