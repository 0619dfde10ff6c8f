import type { Usage } from '../usage.ts'
import type { StreamEvent, Turn, WireFailure } from '../wire.ts'
import { isRecord, text } from '../narrow.ts'
import { promptTokens } from '../usage.ts'
import { outputItems } from './items.ts'
import type { OutputItem } from './items.ts'

export function stream(turn: Turn): readonly StreamEvent[] {
  const made = outputItems(turn)
  const begun = response(turn, { status: 'in_progress', output: [], incomplete_details: null, usage: null })
  const whole = ended(turn, made)
  const events: Unnumbered[] = [
    { type: 'response.created', data: { response: begun } },
    { type: 'response.in_progress', data: { response: begun } },
    ...made.flatMap((item, index) => writingOf(item, index, turn)),
    { type: `response.${text(whole['status'])}`, data: { response: whole } },
  ]
  return events.map(({ type, data, content }, sequence_number) => ({
    event: type,
    data: { type, sequence_number, ...data },
    ...(content && { content }),
  }))
}

export function body(turn: Turn): unknown {
  return ended(turn, outputItems(turn))
}

export function streamError({ body: refusal }: WireFailure, turn: Turn): StreamEvent {
  const error = isRecord(refusal) ? refusal['error'] : refusal
  return { event: 'error', data: { type: 'error', sequence_number: stream(turn).length, error } }
}

interface Unnumbered {
  readonly type: string
  readonly data: object
  readonly content?: true
}

function writingOf({ start, whole, writing }: OutputItem, output_index: number, turn: Turn): Unnumbered[] {
  const added = { type: 'response.output_item.added', data: { output_index, item: start } }
  const done = { type: 'response.output_item.done', data: { output_index, item: whole } }
  if (writing === undefined) return [added, done]
  const { events, frame, field, pieces } = writing
  const place = { item_id: whole['id'], output_index, ...(frame && { [frame.counter]: 0 }) }
  const framed = (end: 'added' | 'done', said: string): Unnumbered[] =>
    frame === undefined ? [] : [{ type: `${frame.events}.${end}`, data: { ...place, part: frame.part(said) } }]
  const more = events === 'response.output_text' ? { logprobs: [] } : {}
  return [
    added,
    ...framed('added', ''),
    ...pieces.map((delta, at) => ({
      type: `${events}.delta`,
      data: { ...place, delta, ...more, ...padding(turn, at) },
      content: true as const,
    })),
    { type: `${events}.done`, data: { ...place, [field]: writing.text, ...more } },
    ...framed('done', writing.text),
    done,
  ]
}

/** Random letters make events of all texts equally long, so that their sizes tell nothing. */
function padding({ request }: Turn, at: number): object {
  const options = request['stream_options']
  if (isRecord(options) && options['include_obfuscation'] === false) return {}
  return { obfuscation: 'kQ7xWv2LpZ0aRb9T'.slice(at % 16) }
}

function ended(turn: Turn, made: readonly OutputItem[]): Readonly<Record<string, unknown>> {
  const reason = reasons[turn.finish]
  return response(turn, {
    status: reason === undefined ? 'completed' : 'incomplete',
    output: made.map((item) => item.whole),
    incomplete_details: reason === undefined ? null : { reason },
    usage: turn.usage === undefined ? null : usageOf(turn.usage),
  })
}

/** The ends that are none by the vendor's word; a refusal is completed, and there is no pause. */
const reasons: Readonly<Record<string, string>> = { length: 'max_output_tokens', content_filter: 'content_filter' }

function response({ id, model, request }: Turn, more: object): Readonly<Record<string, unknown>> {
  const tier = text(request['service_tier'])
  return {
    id: `resp_${id}`,
    object: 'response',
    created_at: 1_790_000_000,
    model,
    error: null,
    instructions: request['instructions'] ?? null,
    max_output_tokens: request['max_output_tokens'] ?? null,
    metadata: request['metadata'] ?? {},
    parallel_tool_calls: request['parallel_tool_calls'] ?? true,
    previous_response_id: request['previous_response_id'] ?? null,
    reasoning: { effort: null, summary: null, ...(isRecord(request['reasoning']) && request['reasoning']) },
    service_tier: tier === '' || tier === 'auto' ? 'default' : tier,
    store: request['store'] ?? true,
    temperature: request['temperature'] ?? 1,
    text: request['text'] ?? { format: { type: 'text' } },
    tool_choice: request['tool_choice'] ?? 'auto',
    tools: request['tools'] ?? [],
    top_p: request['top_p'] ?? 1,
    truncation: request['truncation'] ?? 'disabled',
    ...more,
  }
}

function usageOf(usage: Usage): object {
  const input_tokens = promptTokens(usage)
  return {
    input_tokens,
    input_tokens_details: {
      cached_tokens: usage.cacheRead,
      cache_write_tokens: usage.cacheWrite + usage.cacheWrite1h,
    },
    output_tokens: usage.output,
    output_tokens_details: { reasoning_tokens: usage.reasoning },
    total_tokens: input_tokens + usage.output,
  }
}
