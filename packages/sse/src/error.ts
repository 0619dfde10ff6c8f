/** The stream cannot be read on. */
export class SSEError extends Error {
  override readonly name = 'SSEError'
  readonly code: 'event_too_large'

  constructor(code: 'event_too_large', message: string) {
    super(message)
    this.code = code
  }
}
