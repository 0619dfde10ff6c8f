import type { StreamEvent, Turn } from '../wire.ts'
import { finishReasons, toolCallOf, usageOf } from '../openai/shapes.ts'
import { reasoningSignature } from './signature.ts'

/** Keep-alive comments come first; usage comes always, in a chunk of its own. */
export function stream(turn: Turn): readonly StreamEvent[] {
  const chunk = (delta: object, finish_reason: string | null, more: object = {}): object => ({
    ...shell(turn, 'chat.completion.chunk'),
    choices: [
      {
        index: 0,
        delta: { role: 'assistant', content: '', ...delta },
        finish_reason,
        native_finish_reason: finish_reason,
      },
    ],
    ...more,
  })
  const content = (delta: object): StreamEvent => ({ data: chunk(delta, null), content: true })
  const { reasoning } = turn
  const finish = finishReasons[turn.finish]
  const prose = turn.finish === 'refusal' ? 'refusal' : 'content'
  return [
    { comment: 'OPENROUTER PROCESSING' },
    ...turn
      .words(reasoning ?? '')
      .map((piece) => content({ reasoning: piece, reasoning_details: [detail({ text: piece })] })),
    ...(reasoning === undefined
      ? []
      : [{ data: chunk({ reasoning_details: [detail({ signature: reasoningSignature(reasoning) })] }, null) }]),
    ...turn.words(turn.text ?? '').map((piece) => content({ [prose]: piece })),
    ...turn.toolCalls.flatMap((call, index) => [
      { data: chunk({ content: null, tool_calls: [toolCallOf(call, index, turn, '')] }, null) },
      ...turn
        .pieces(call.rawInput)
        .map((piece) =>
          content({ content: null, tool_calls: [{ index, type: 'function', function: { arguments: piece } }] }),
        ),
    ]),
    { data: chunk({}, finish) },
    ...(turn.usage === undefined ? [] : [{ data: chunk({}, finish, { usage: costed(turn) }) }]),
    { text: '[DONE]' },
  ]
}

export function body(turn: Turn): unknown {
  const { reasoning } = turn
  const finish = finishReasons[turn.finish]
  const refused = turn.finish === 'refusal'
  return {
    ...shell(turn, 'chat.completion'),
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: refused ? null : (turn.text ?? null),
          refusal: refused ? (turn.text ?? '') : null,
          ...(reasoning === undefined
            ? {}
            : {
                reasoning,
                reasoning_details: [detail({ text: reasoning, signature: reasoningSignature(reasoning) })],
              }),
          ...(turn.toolCalls.length === 0
            ? {}
            : { tool_calls: turn.toolCalls.map((call, index) => toolCallOf(call, index, turn, call.rawInput)) }),
        },
        finish_reason: finish,
        native_finish_reason: finish,
      },
    ],
    ...(turn.usage === undefined ? {} : { usage: costed(turn) }),
  }
}

function shell(turn: Turn, object: string): object {
  return { id: `gen-${turn.id}`, provider: 'Emulator', model: turn.model, object, created: 1_790_000_000 }
}

function detail(facts: { readonly text?: string; readonly signature?: string }): object {
  return { type: 'reasoning.text', ...facts, format: 'anthropic-claude-v1', index: 0 }
}

function costed(turn: Turn): object | undefined {
  if (turn.usage === undefined) return undefined
  if (turn.costUsd === undefined) return usageOf(turn.usage)
  return {
    ...usageOf(turn.usage),
    cost: turn.costUsd,
    is_byok: false,
    cost_details: { upstream_inference_cost: turn.costUsd },
  }
}
