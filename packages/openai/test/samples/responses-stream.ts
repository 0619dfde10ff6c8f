type Json = { readonly type: string; readonly [field: string]: unknown }

const model = 'gpt-served'

/** Events as the body of a stream. */
export function stream(...events: readonly (Json | readonly Json[])[]): string {
  return events
    .flat()
    .map((event) => `event: ${(event as Json).type}\ndata: ${JSON.stringify(event)}\n\n`) // flat of both forms
    .join('')
}

export const created: Json = {
  type: 'response.created',
  response: { id: 'resp_1', object: 'response', model, status: 'in_progress', output: [] },
}

/** The end of a response, which need not repeat its output. */
export function end(
  more: object = { usage: seven },
  status: 'completed' | 'incomplete' | 'failed' = 'completed',
): Json {
  return {
    type: `response.${status}`,
    response: { id: 'resp_1', object: 'response', model, status, output: [], ...more },
  }
}

export const seven = { input_tokens: 7, output_tokens: 3, total_tokens: 10 } as const

export function added(output_index: number, item: Json): Json {
  return { type: 'response.output_item.added', output_index, item }
}

export function done(output_index: number, item: Json): Json {
  return { type: 'response.output_item.done', output_index, item }
}

export function textItem(...texts: readonly string[]): Json {
  const content = texts.map((text) => ({ type: 'output_text', text, annotations: [] }))
  return { type: 'message', id: 'msg_1', role: 'assistant', status: 'completed', content }
}

/** A message with one text, as far as its last piece. */
export function writing(output_index: number, ...pieces: readonly string[]): readonly Json[] {
  return [
    added(output_index, { type: 'message', id: 'msg_1', role: 'assistant', status: 'in_progress', content: [] }),
    ...pieces.map((delta) => ({
      type: 'response.output_text.delta',
      item_id: 'msg_1',
      output_index,
      content_index: 0,
      delta,
    })),
  ]
}

/** A whole message with one text. */
export function message(output_index: number, ...pieces: readonly string[]): readonly Json[] {
  return [...writing(output_index, ...pieces), done(output_index, textItem(pieces.join('')))]
}

function thoughtItem(text: string): Json {
  const summary = text === '' ? [] : [{ type: 'summary_text', text }]
  return { type: 'reasoning', id: 'rs_1', summary, encrypted_content: 'enc-1' }
}

/** A whole thought, shown by its summary. */
export function thinking(output_index: number, ...pieces: readonly string[]): readonly Json[] {
  return [
    added(output_index, { type: 'reasoning', id: 'rs_1', summary: [] }),
    ...pieces.map((delta) => ({
      type: 'response.reasoning_summary_text.delta',
      output_index,
      summary_index: 0,
      delta,
    })),
    done(output_index, thoughtItem(pieces.join(''))),
  ]
}

/** A call up to its last piece. */
export function openCall(output_index: number, call_id: string, ...pieces: readonly string[]): readonly Json[] {
  return [
    added(output_index, callItem(call_id, '', output_index)),
    ...pieces.map((delta) => ({ type: 'response.function_call_arguments.delta', output_index, delta })),
  ]
}

/** A whole call. */
export function call(output_index: number, call_id: string, ...pieces: readonly string[]): readonly Json[] {
  return [
    ...openCall(output_index, call_id, ...pieces),
    done(output_index, callItem(call_id, pieces.join(''), output_index)),
  ]
}

export function callItem(call_id: string, args: string, output_index = 0): Json {
  const given = call_id === '' ? {} : { call_id }
  return { type: 'function_call', id: `fc_${output_index}`, ...given, name: 'weather', arguments: args }
}

/** The same answer as one body. */
export function response(output: readonly object[], more: object = {}): object {
  return { id: 'resp_1', object: 'response', model, status: 'completed', output, usage: seven, ...more }
}
