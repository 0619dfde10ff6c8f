import { isRecord, oddCounts } from '@wayfare/provider-kit'

/** A line of a stream, or the whole answer: they have one shape. */
export interface WireLine {
  readonly model: string | undefined
  readonly content: string
  readonly thinking: string
  readonly toolCalls: readonly WireToolCall[]
  readonly done: boolean
  readonly doneReason: string | undefined
  readonly inputTokens: number | undefined
  readonly outputTokens: number | undefined
  /** What is wrong with the two. */
  readonly problems: readonly string[]
}

export interface WireToolCall {
  /** Its place in the line. */
  readonly at: number
  readonly id: string | undefined
  readonly name: string
  readonly arguments: unknown
}

export function wireLine(value: Readonly<Record<string, unknown>>): WireLine {
  const message = isRecord(value['message']) ? value['message'] : {}
  const calls: readonly unknown[] = Array.isArray(message['tool_calls']) ? message['tool_calls'] : []
  return {
    model: text(value['model']),
    content: text(message['content']) ?? '',
    thinking: text(message['thinking']) ?? '',
    toolCalls: calls.flatMap(toolCall),
    done: value['done'] === true,
    doneReason: text(value['done_reason']),
    inputTokens: count(value['prompt_eval_count']),
    outputTokens: count(value['eval_count']),
    problems: oddCounts({ prompt_eval_count: value['prompt_eval_count'], eval_count: value['eval_count'] }),
  }
}

/** Whether anything of a line is there; a new field beside others does no harm. */
export function isLine(value: Readonly<Record<string, unknown>>): boolean {
  return ['message', 'model', 'done', 'error'].some((field) => value[field] !== undefined)
}

/** A string that is not empty. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function toolCall(value: unknown, at: number): WireToolCall[] {
  if (!isRecord(value) || !isRecord(value['function'])) return []
  const call = value['function']
  return [{ at, id: text(value['id']), name: text(call['name']) ?? '', arguments: call['arguments'] ?? {} }]
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}
