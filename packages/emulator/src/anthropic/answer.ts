import type { Finish } from '../reply.ts'
import type { StreamEvent, Turn, TurnToolCall } from '../wire.ts'
import type { Usage } from '../usage.ts'
import { thinkingSignature } from './signature.ts'

export function stream(turn: Turn): readonly StreamEvent[] {
  const blocks = [
    ...(turn.reasoning === undefined ? [] : [thinkingBlock(turn.reasoning, turn)]),
    ...(turn.text === undefined ? [] : [textBlock(turn.text, turn)]),
    ...turn.toolCalls.map((call, index) => toolBlock(call, index, turn)),
  ]
  const usage = turn.usage && usageOf(turn.usage)
  const first = turn.usage && usageOf({ ...turn.usage, output: 1, reasoning: 0 })
  return [
    event('message_start', {
      message: {
        ...shell(turn),
        content: [],
        stop_reason: null,
        ...(first && { usage: first }),
      },
    }),
    event('ping', {}),
    ...blocks.flatMap(({ start, deltas, last }, index) => [
      event('content_block_start', { index, content_block: start }),
      ...deltas.map((delta) => ({ ...event('content_block_delta', { index, delta }), content: true as const })),
      ...last.map((delta) => event('content_block_delta', { index, delta })),
      event('content_block_stop', { index }),
    ]),
    event('message_delta', { delta: { stop_sequence: null, ...stopOf(turn.finish) }, ...(usage && { usage }) }),
    event('message_stop', {}),
  ]
}

export function body(turn: Turn): unknown {
  return {
    ...shell(turn),
    content: [
      ...(turn.reasoning === undefined
        ? []
        : [{ type: 'thinking', thinking: turn.reasoning, signature: thinkingSignature(turn.reasoning) }]),
      ...(turn.text === undefined ? [] : [{ type: 'text', text: turn.text }]),
      ...turn.toolCalls.map((call, index) => ({ ...toolUse(call, index, turn), input: call.input })),
    ],
    ...stopOf(turn.finish),
    ...(turn.usage && { usage: usageOf(turn.usage) }),
  }
}

interface Block {
  readonly start: object
  readonly deltas: readonly object[]
  /** Deltas that carry no content of their own. */
  readonly last: readonly object[]
}

function thinkingBlock(thinking: string, turn: Turn): Block {
  return {
    start: { type: 'thinking', thinking: '', signature: '' },
    deltas: turn.words(thinking).map((piece) => ({ type: 'thinking_delta', thinking: piece })),
    last: [{ type: 'signature_delta', signature: thinkingSignature(thinking) }],
  }
}

function textBlock(text: string, turn: Turn): Block {
  return {
    start: { type: 'text', text: '' },
    deltas: turn.words(text).map((piece) => ({ type: 'text_delta', text: piece })),
    last: [],
  }
}

/** A call without arguments streams one empty piece, as the vendor does. */
function toolBlock(call: TurnToolCall, index: number, turn: Turn): Block {
  const pieces = call.rawInput === '{}' ? [''] : turn.pieces(call.rawInput)
  return {
    start: { ...toolUse(call, index, turn), input: {} },
    deltas: pieces.map((partial_json) => ({ type: 'input_json_delta', partial_json })),
    last: [],
  }
}

function toolUse(call: TurnToolCall, index: number, turn: Turn): object {
  return { type: 'tool_use', id: call.id ?? `toolu_${turn.id}_${index}`, name: call.name }
}

function shell(turn: Turn): object {
  return { id: `msg_${turn.id}`, type: 'message', role: 'assistant', model: turn.model, stop_sequence: null }
}

const stopReasons: Readonly<Record<Finish, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool_calls: 'tool_use',
  content_filter: 'refusal',
  refusal: 'refusal',
  pause: 'pause_turn',
}

function stopOf(finish: Finish): object {
  const stop_reason = stopReasons[finish]
  if (stop_reason !== 'refusal') return { stop_reason }
  return {
    stop_reason,
    stop_details: { type: 'refusal', category: null, explanation: 'The model declined to answer.' },
  }
}

function usageOf(usage: Usage): object {
  return {
    input_tokens: usage.input,
    cache_read_input_tokens: usage.cacheRead,
    cache_creation_input_tokens: usage.cacheWrite + usage.cacheWrite1h,
    cache_creation: {
      ephemeral_5m_input_tokens: usage.cacheWrite,
      ephemeral_1h_input_tokens: usage.cacheWrite1h,
    },
    output_tokens: usage.output,
    output_tokens_details: { thinking_tokens: usage.reasoning },
    service_tier: 'standard',
  }
}

function event(type: string, data: object): { readonly event: string; readonly data: object } {
  return { event: type, data: { type, ...data } }
}
