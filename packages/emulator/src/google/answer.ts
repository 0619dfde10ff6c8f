import type { Finish } from '../reply.ts'
import type { StreamEvent, Turn } from '../wire.ts'
import type { Usage } from '../usage.ts'
import { promptTokens } from '../usage.ts'
import { callSignature, signsCalls, textSignature } from './signature.ts'

/** Usage stands on every chunk and grows; the last one names the finish reason. There is no other terminator. */
export function stream(turn: Turn): readonly StreamEvent[] {
  const thoughts = turn.words(turn.reasoning ?? '').map((text) => ({ text, thought: true }))
  const spoken = [...turn.words(turn.text ?? '').map((text) => ({ text })), ...callParts(turn)]
  const chunk = (part: object, thought: number, said: number): StreamEvent => ({
    data: response(turn, [part], soFar(turn.usage, thought / thoughts.length, said / spoken.length)),
    content: true,
  })
  return [
    ...thoughts.map((part, index) => chunk(part, index + 1, 0)),
    ...spoken.map((part, index) => chunk(part, thoughts.length, index + 1)),
    { data: response(turn, closing(turn), turn.usage, finishReasons[turn.finish]) },
  ]
}

export function body(turn: Turn): unknown {
  const parts = [
    ...(turn.reasoning ? [{ text: turn.reasoning, thought: true }] : []),
    ...(turn.text === undefined ? [] : [{ text: turn.text, ...signed(turn) }]),
    ...callParts(turn),
  ]
  return response(turn, parts, turn.usage, finishReasons[turn.finish])
}

/** Usage when these shares of the thoughts and of the rest are out; a share of nothing counts as all of it. */
function soFar(usage: Usage | undefined, thought: number, said: number): Usage | undefined {
  if (usage === undefined) return undefined
  const reasoning = Math.ceil(usage.reasoning * (Number.isNaN(thought) ? 1 : thought))
  const rest = Math.ceil((usage.output - usage.reasoning) * (Number.isNaN(said) ? 1 : said))
  return { ...usage, reasoning, output: reasoning + rest }
}

/** The signature of a thoughtful text comes at the end, on a part without text. */
function closing(turn: Turn): readonly object[] {
  return [{ text: '', ...signed(turn) }]
}

function signed(turn: Turn): object {
  if (turn.reasoning === undefined || turn.toolCalls.length > 0) return {}
  return { thoughtSignature: textSignature(turn.text ?? '') }
}

/** Of calls made together only the first is signed. */
function callParts(turn: Turn): readonly object[] {
  const signs = signsCalls(turn.model) || turn.reasoning !== undefined
  const named = signsCalls(turn.model)
  return turn.toolCalls.map((call, index) => {
    const id = call.id ?? (named ? `${turn.id}_${index}` : undefined)
    return {
      functionCall: { ...(id === undefined ? {} : { id }), name: call.name, args: call.input },
      ...(signs && index === 0 ? { thoughtSignature: callSignature(call.name, call.input) } : {}),
    }
  })
}

function response(turn: Turn, parts: readonly object[], usage: Usage | undefined, finishReason?: string): object {
  return {
    candidates: [
      { content: { role: 'model', parts }, ...(finishReason === undefined ? {} : { finishReason }), index: 0 },
    ],
    ...(usage === undefined ? {} : { usageMetadata: usageOf(usage) }),
    modelVersion: turn.model,
    responseId: turn.id,
  }
}

const finishReasons: Readonly<Record<Finish, string>> = {
  stop: 'STOP',
  length: 'MAX_TOKENS',
  tool_calls: 'STOP',
  content_filter: 'SAFETY',
  refusal: 'PROHIBITED_CONTENT',
  pause: 'STOP',
}

function usageOf(usage: Usage): object {
  const promptTokenCount = promptTokens(usage)
  return {
    promptTokenCount,
    ...(usage.cacheRead > 0 ? { cachedContentTokenCount: usage.cacheRead } : {}),
    candidatesTokenCount: usage.output - usage.reasoning,
    ...(usage.reasoning > 0 ? { thoughtsTokenCount: usage.reasoning } : {}),
    totalTokenCount: promptTokenCount + usage.output,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: promptTokenCount }],
  }
}
