/** A `fetch` that answers from memory: the reads of one streamed answer, without a socket or a web stream. */
export function memoryFetch(reads: readonly Uint8Array[]): typeof fetch {
  const answer = async (): Promise<unknown> => {
    let next = 0
    return {
      status: 200,
      type: 'basic',
      headers: [['content-type', 'text/event-stream']],
      body: {
        getReader: () => ({
          read: async () => (next < reads.length ? { done: false, value: reads[next++] } : { done: true }),
          cancel: async () => {},
        }),
      },
    }
  }
  return answer as unknown as typeof fetch // as much of a response as the transport looks at
}
