import type { Finish } from '../reply.ts'
import type { StreamEvent, Turn } from '../wire.ts'
import { promptTokens } from '../usage.ts'

/** Tool calls come whole, one per line; the last line carries the figures and `done: true`. */
export function stream(turn: Turn): readonly StreamEvent[] {
  const line = (message: object): StreamEvent => ({
    data: { ...shell(turn), message: { role: 'assistant', content: '', ...message }, done: false },
    content: true,
  })
  return [
    ...turn.words(turn.reasoning ?? '').map((thinking) => line({ thinking })),
    ...turn.words(turn.text ?? '').map((content) => line({ content })),
    ...toolCalls(turn).map((call) => line({ tool_calls: [call] })),
    { data: { ...shell(turn), message: { role: 'assistant', content: '' }, ...ending(turn) } },
  ]
}

export function body(turn: Turn): unknown {
  return {
    ...shell(turn),
    message: {
      role: 'assistant',
      content: turn.text ?? '',
      ...(turn.reasoning === undefined ? {} : { thinking: turn.reasoning }),
      ...(turn.toolCalls.length === 0 ? {} : { tool_calls: toolCalls(turn) }),
    },
    ...ending(turn),
  }
}

function shell(turn: Turn): object {
  return { model: turn.model, created_at: '2026-11-01T00:00:00Z' }
}

function toolCalls(turn: Turn): readonly object[] {
  return turn.toolCalls.map((call, index) => ({
    id: call.id ?? `call_${turn.id}_${index}`,
    function: { index, name: call.name, arguments: call.input },
  }))
}

/** `stop` also ends an answer with tool calls; there is no word for a filter, a refusal or a pause. */
const doneReasons: Readonly<Record<Finish, string>> = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'stop',
  content_filter: 'stop',
  refusal: 'stop',
  pause: 'stop',
}

/** Durations are nanoseconds. */
function ending(turn: Turn): object {
  return {
    done: true,
    done_reason: doneReasons[turn.finish],
    total_duration: 120_000_000,
    load_duration: 10_000_000,
    ...(turn.usage === undefined
      ? {}
      : {
          prompt_eval_count: promptTokens(turn.usage),
          prompt_eval_duration: 30_000_000,
          eval_count: turn.usage.output,
          eval_duration: 80_000_000,
        }),
  }
}
