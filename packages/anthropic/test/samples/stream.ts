type Json = { readonly type: string; readonly [key: string]: unknown }

/** Events as the body of a stream. */
export function stream(...events: readonly (Json | readonly Json[])[]): string {
  return events
    .flat()
    .map((event) => `event: ${(event as Json).type}\ndata: ${JSON.stringify(event)}\n\n`) // flat of both forms
    .join('')
}

export function start(usage: object = { input_tokens: 7, output_tokens: 1 }): Json {
  return {
    type: 'message_start',
    message: { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-served', content: [], usage },
  }
}

export function open(index: number, content_block: Json): Json {
  return { type: 'content_block_start', index, content_block }
}

export function stop(index: number): Json {
  return { type: 'content_block_stop', index }
}

export function piece(index: number, type: string, field: string, text: string): Json {
  return { type: 'content_block_delta', index, delta: { type, [field]: text } }
}

/** A whole block of text. */
export function text(index: number, ...pieces: readonly string[]): readonly Json[] {
  return [
    open(index, { type: 'text', text: '' }),
    ...pieces.map((one) => piece(index, 'text_delta', 'text', one)),
    stop(index),
  ]
}

/** A whole block of thought. */
export function thinking(index: number, pieces: readonly string[], signature: string): readonly Json[] {
  return [
    open(index, { type: 'thinking', thinking: '', signature: '' }),
    ...pieces.map((one) => piece(index, 'thinking_delta', 'thinking', one)),
    piece(index, 'signature_delta', 'signature', signature),
    stop(index),
  ]
}

/** A call up to its last piece. */
export function openCall(index: number, id: string | undefined, ...pieces: readonly string[]): readonly Json[] {
  return [
    open(index, { type: 'tool_use', ...(id !== undefined && { id }), name: 'weather', input: {} }),
    ...pieces.map((one) => piece(index, 'input_json_delta', 'partial_json', one)),
  ]
}

/** A whole call. */
export function call(index: number, id: string | undefined, ...pieces: readonly string[]): readonly Json[] {
  return [...openCall(index, id, ...pieces), stop(index)]
}

export function end(stop_reason: string | null = 'end_turn', usage: object = { output_tokens: 3 }): readonly Json[] {
  return [{ type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage }, { type: 'message_stop' }]
}

/** The same answer as one body. */
export function message(content: readonly object[], more: object = {}): object {
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-served',
    content,
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 7, output_tokens: 3 },
    ...more,
  }
}
