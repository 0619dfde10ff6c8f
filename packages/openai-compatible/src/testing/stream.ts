type Delta = Readonly<Record<string, unknown>>

/** Chunks as the body of a stream, with the last word of the protocol behind them. */
export function chatStream(...chunks: readonly object[]): string {
  return `${unendedStream(...chunks)}data: [DONE]\n\n`
}

/** The same without it. */
export function unendedStream(...chunks: readonly object[]): string {
  return chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('')
}

export function chunk(delta: Delta, finish: string | null = null, more: object = {}): object {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1_790_000_000,
    model: 'served-1',
    choices: [{ index: 0, delta, finish_reason: finish }],
    ...more,
  }
}

/** The chunk that says whose turn it is. */
export const role: object = chunk({ role: 'assistant', content: '' })

export function end(reason: string | null = 'stop'): object {
  return chunk({}, reason)
}

/** Usage, which comes in a chunk of its own, after the reason. */
export function counted(usage: Readonly<Record<string, unknown>> = { ...seven }): object {
  return { ...chunk({}), choices: [], usage }
}

export const seven = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 } as const

/** A piece of the tool call at this place. Its id and name come with the first one. */
export function call(index: number, piece: string, first?: { readonly id?: string; readonly name: string }): object {
  const named = first === undefined ? {} : { ...(first.id !== undefined && { id: first.id }), type: 'function' }
  const name = first === undefined ? {} : { name: first.name }
  return chunk({ tool_calls: [{ index, ...named, function: { ...name, arguments: piece } }] })
}

/** The same answer as one body. */
export function completion(message: Delta, finish: string, more: object = {}): object {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_790_000_000,
    model: 'served-1',
    choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: finish }],
    ...more,
  }
}
