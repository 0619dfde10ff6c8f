import type { Answer } from './reply.ts'
import type { Turn, TurnToolCall } from './wire.ts'
import { fillUsage } from './usage.ts'

/** An answer with its defaults filled in for the request that it meets. */
export function turnOf(
  answer: Answer,
  context: { readonly id: string; readonly model: string; readonly request: Readonly<Record<string, unknown>> },
): Turn {
  const model = answer.model ?? context.model
  const toolCalls = (answer.toolCalls ?? []).map((call): TurnToolCall => {
    const input = call.input ?? {}
    const rawInput = call.rawInput ?? JSON.stringify(input)
    return { name: call.name, input, rawInput, ...(call.id === undefined ? {} : { id: call.id }) }
  })
  const text = answer.text ?? (toolCalls.length > 0 || answer.finish === 'refusal' ? undefined : `Hello from ${model}.`)
  const rest = (text ?? '') + toolCalls.map((call) => call.name + call.rawInput).join('')
  const { deltaSize } = answer
  return {
    id: context.id,
    model,
    request: context.request,
    ...(answer.reasoning === undefined ? {} : { reasoning: answer.reasoning }),
    ...(text === undefined ? {} : { text }),
    toolCalls,
    finish: answer.finish ?? (toolCalls.length > 0 ? 'tool_calls' : 'stop'),
    ...(answer.usage === 'none'
      ? {}
      : { usage: fillUsage(answer.usage ?? {}, context.request, { reasoning: answer.reasoning ?? '', rest }) }),
    ...(answer.costUsd === undefined ? {} : { costUsd: answer.costUsd }),
    words: (prose) => (deltaSize === undefined ? (prose.match(/\S+\s*|\s+/g) ?? []) : slices(prose, deltaSize)),
    pieces: (raw) => slices(raw, deltaSize ?? 8),
  }
}

/** Pieces of `size` code points: an emoji is never halved here (`splitBytes` halves it). */
function slices(text: string, size: number): readonly string[] {
  const points = Array.from(text)
  const step = Math.max(1, Math.floor(size))
  const pieces: string[] = []
  for (let at = 0; at < points.length; at += step) pieces.push(points.slice(at, at + step).join(''))
  return pieces
}
