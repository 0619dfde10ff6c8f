/** The stream cannot be read on. */
export class SSEError extends Error {
  override readonly name = 'SSEError'
  readonly code: 'event_too_large'

  constructor(code: 'event_too_large', message: string) {
    super(message)
    this.code = code
  }
}

export function tooLarge(maxBytes: number): SSEError {
  return new SSEError('event_too_large', `one event holds more than ${maxBytes} bytes; raise maxEventBytes to allow it`)
}
