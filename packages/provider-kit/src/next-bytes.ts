import type { ByteStream } from './exchange.ts'

/** The next item of a body, for who reads it as an async iterator. */
export function nextBytes(body: ByteStream): Promise<IteratorResult<Uint8Array>> {
  return new Promise((resolve, reject) => {
    const ready = (): void => {
      try {
        const item = body.take()
        if (item === 'later') body.wait({ ready })
        else resolve(item === 'over' ? { done: true, value: undefined } : { done: false, value: item })
      } catch (error) {
        reject(error)
      }
    }
    ready()
  })
}
