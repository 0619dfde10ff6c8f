import { connect } from 'node:net'

export interface Heard {
  /** What arrived, read by read. */
  readonly reads: readonly Buffer[]
  readonly text: string
  /** `fin`: closed in good order; `ECONNRESET`: reset. */
  readonly end: string
}

/** Writes a request to a socket of its own and listens until the server ends the connection. */
export async function listen(
  url: string,
  request: string,
  onRead?: (text: string, close: () => void) => void,
): Promise<Heard> {
  const reads: Buffer[] = []
  const end = await new Promise<string>((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(request))
    socket.on('data', (chunk: Buffer) => {
      reads.push(chunk)
      onRead?.(Buffer.concat(reads).toString(), () => socket.destroy())
    })
    socket.on('end', () => socket.end())
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'))
    socket.on('close', () => resolve('fin'))
  })
  return { reads, text: Buffer.concat(reads).toString(), end }
}
