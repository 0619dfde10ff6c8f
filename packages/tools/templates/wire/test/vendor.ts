export interface Seen {
  readonly url: string
  readonly authorization: string | null
  readonly body: unknown
}

/** Stands in for the vendor: answers every request with these bytes, cut into pieces of `size`, and remembers it. */
export function vendor(
  answer: string,
  { status = 200, type = 'text/event-stream', size = 65_536 }: { status?: number; type?: string; size?: number } = {},
): { readonly fetch: typeof fetch; readonly seen: readonly Seen[] } {
  const seen: Seen[] = []
  const bytes = new TextEncoder().encode(answer)
  return {
    seen,
    fetch: (input, init) => {
      const request = new Request(input, init)
      // The provider sends JSON text or nothing.
      const sent = typeof init?.body === 'string' ? init.body : 'null'
      const body: unknown = JSON.parse(sent)
      seen.push({ url: request.url, authorization: request.headers.get('authorization'), body })
      return Promise.resolve(new Response(pieces(bytes, size), { status, headers: { 'content-type': type } }))
    },
  }
}

function pieces(bytes: Uint8Array, size: number): ReadableStream<Uint8Array> {
  let at = 0
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) controller.close()
      else controller.enqueue(bytes.slice(at, (at += size)))
    },
  })
}
