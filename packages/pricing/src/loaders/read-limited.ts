const maxBytes = 16 * 1_048_576

/** The body as text; throws when it is larger than any catalogue. */
export async function readLimited(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  // A body of fetch is a stream of bytes; its type does not say so everywhere.
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength
    if (size > maxBytes) throw new Error('the catalogue is larger than 16 MiB')
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}
