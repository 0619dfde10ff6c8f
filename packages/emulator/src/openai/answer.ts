import type { StreamEvent, Turn } from '../wire.ts'
import { isRecord } from '../narrow.ts'
import { finishReasons, toolCallOf, usageOf } from './shapes.ts'

/** The vendor streams usage on request only. Reasoning goes out as `reasoning_content`, as the vendors that show it do. */
export function stream(turn: Turn): readonly StreamEvent[] {
  const options = turn.request['stream_options']
  const wanted = isRecord(options) && options['include_usage'] === true
  const usage = wanted && turn.usage !== undefined ? usageOf(turn.usage) : undefined
  const chunk = (choices: readonly object[], more: object = {}): object => ({
    id: `chatcmpl-${turn.id}`,
    object: 'chat.completion.chunk',
    created: 1_790_000_000,
    model: turn.model,
    service_tier: 'default',
    system_fingerprint: 'fp_emulator',
    choices,
    ...(wanted ? { usage: null } : {}),
    obfuscation: 'x',
    ...more,
  })
  const choice = (delta: object, finish_reason: string | null = null): object =>
    chunk([{ index: 0, delta, logprobs: null, finish_reason }])
  const content = (delta: object): StreamEvent => ({ data: choice(delta), content: true })
  const prose = turn.finish === 'refusal' ? 'refusal' : 'content'
  return [
    { data: choice({ role: 'assistant', content: turn.toolCalls.length > 0 ? null : '', refusal: null }) },
    ...turn.words(turn.reasoning ?? '').map((piece) => content({ reasoning_content: piece })),
    ...turn.words(turn.text ?? '').map((piece) => content({ [prose]: piece })),
    ...turn.toolCalls.flatMap((call, index) => [
      { data: choice({ tool_calls: [toolCallOf(call, index, turn, '')] }) },
      ...turn
        .pieces(call.rawInput)
        .map((piece) => content({ tool_calls: [{ index, function: { arguments: piece } }] })),
    ]),
    { data: choice({}, finishReasons[turn.finish]) },
    ...(usage === undefined ? [] : [{ data: chunk([], { usage }) }]),
    { text: '[DONE]' },
  ]
}

export function body(turn: Turn): unknown {
  const refused = turn.finish === 'refusal'
  return {
    id: `chatcmpl-${turn.id}`,
    object: 'chat.completion',
    created: 1_790_000_000,
    model: turn.model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: refused ? null : (turn.text ?? null),
          refusal: refused ? (turn.text ?? '') : null,
          ...(turn.reasoning === undefined ? {} : { reasoning_content: turn.reasoning }),
          ...(turn.toolCalls.length === 0
            ? {}
            : { tool_calls: turn.toolCalls.map((call, index) => toolCallOf(call, index, turn, call.rawInput)) }),
        },
        logprobs: null,
        finish_reason: finishReasons[turn.finish],
      },
    ],
    ...(turn.usage === undefined ? {} : { usage: usageOf(turn.usage) }),
    service_tier: 'default',
    system_fingerprint: 'fp_emulator',
  }
}
