/** One way to call a model. */
export interface Client {
  /** How many pieces of text came. */
  stream(): Promise<number>
  /** Reads one answer that is not streamed; its text's length. */
  complete(): Promise<number>
  close?(): Promise<void>
}

export const model = 'gpt-5.4-mini'
export const prompt = 'Hello'
