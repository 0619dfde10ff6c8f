/** Chunks as the body of a stream. */
export function stream(...chunks: readonly object[]): string {
  return chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('')
}

/** A chunk with these parts of the answer. */
export function chunk(parts: readonly object[], more: object = {}): object {
  return {
    candidates: [{ content: { parts, role: 'model' }, index: 0 }],
    modelVersion: 'gemini-served',
    responseId: 'r-1',
    ...more,
  }
}

export function text(piece: string): object {
  return chunk([{ text: piece }])
}

/** The chunk that says why the answer ends. */
export function end(finishReason: string = 'STOP', parts: readonly object[] = [], usage: object = seven): object {
  return {
    candidates: [{ content: { parts, role: 'model' }, finishReason, index: 0 }],
    usageMetadata: usage,
    modelVersion: 'gemini-served',
    responseId: 'r-1',
  }
}

export const seven = { promptTokenCount: 7, candidatesTokenCount: 3, totalTokenCount: 10 } as const

export function call(city: string, more: object = {}): object {
  return { functionCall: { name: 'weather', args: { city } }, ...more }
}
