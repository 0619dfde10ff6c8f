import type { MaybePromise } from './contract/budget.ts'
import type { FinishReason, Warning } from './contract/call.ts'
import type { AssistantPart, TextPart, ToolCallPart } from './contract/message.ts'
import type { ModelTarget } from './contract/model.ts'
import type { Plan } from './contract/plan.ts'
import type { Attempt, ChatResponse } from './contract/response.ts'
import type { Schema } from './contract/schema.ts'
import type { AnyToolCall, ToolSet } from './contract/tool.ts'
import { totalUsd } from './bill.ts'
import type { Draft } from './draft.ts'
import type { LLMErrorFacts, PartialAnswer } from './error.ts'
import { LLMError } from './error.ts'
import type { Fold } from './fold.ts'
import { check } from './schema.ts'
import type { ResolvedCall } from './resolve.ts'

/** The response of a call whose last attempt answered; throws `invalid_output` when the answer is not the object it should be. */
export function answer(
  resolved: ResolvedCall,
  target: ModelTarget,
  fold: Fold,
  continued: string,
  attempts: readonly Attempt[],
  decision: Plan,
): MaybePromise<ChatResponse> {
  const parts = markUnknown(prepend(continued, fold.parts()), resolved.tools)
  const text = textOf(parts)
  const message = { role: 'assistant' as const, content: parts }
  const finishReason = fold.reason(parts)
  const last = attempts.at(-1)!
  const { started, finished } = fold
  const response: Draft<ChatResponse> = {
    text,
    message,
    toolCalls: [],
    output: undefined,
    finishReason,
    provider: target.provider,
    model: target.model,
    usage: last.usage,
    usageSource: last.usageSource,
    pricingSource: last.pricingSource,
    attempts,
    decision,
    warnings: parts.length === 0 ? [...fold.warnings, empty] : fold.warnings,
  }
  const costUsd = totalUsd(attempts)
  if (finished?.rawReason !== undefined) response.rawFinishReason = finished.rawReason
  if (started?.model !== undefined) response.servedModel = started.model
  if (costUsd !== undefined) response.costUsd = costUsd
  const calls = parts.filter((part) => part.type === 'tool_call')
  if (calls.length > 0) return withCalls(response, calls, resolved.tools)
  if (resolved.output === undefined) return response
  return withOutput(response, resolved.output.schema, { ...target, code: finishReason })
}

async function withCalls(
  response: Draft<ChatResponse>,
  calls: readonly ToolCallPart[],
  tools: ToolSet,
): Promise<ChatResponse> {
  response.toolCalls = await Promise.all(calls.map((part) => checkCall(part, tools)))
  return response
}

async function withOutput(
  response: Draft<ChatResponse>,
  schema: Schema,
  of: ModelTarget & { readonly code: FinishReason },
): Promise<ChatResponse> {
  const { text, message } = response
  response.output = await readOutput(schema, { text, message }, of)
  return response
}

const empty: Warning = { code: 'empty_answer', message: 'the model ended its answer without a word' }

export function textOf(parts: readonly AssistantPart[]): string {
  let text = ''
  for (const part of parts) if (part.type === 'text') text += part.text
  return text
}

/** Puts the text of an attempt that was continued before what the next one wrote. */
export function prepend(continued: string, parts: readonly AssistantPart[]): readonly AssistantPart[] {
  if (continued === '') return parts
  const [first, ...rest] = parts
  if (first?.type !== 'text') return [{ type: 'text', text: continued }, ...parts]
  const joined: TextPart = { ...first, text: continued + first.text }
  return [joined, ...rest]
}

function markUnknown(parts: readonly AssistantPart[], tools: ToolSet): readonly AssistantPart[] {
  const isUnknown = (part: AssistantPart): boolean =>
    part.type === 'tool_call' && !part.invalid && !Object.hasOwn(tools, part.name)
  if (!parts.some(isUnknown)) return parts
  return parts.map((part) => (isUnknown(part) ? ({ ...part, invalid: true } as ToolCallPart) : part)) // only tool calls are unknown
}

async function checkCall(part: ToolCallPart, tools: ToolSet): Promise<AnyToolCall> {
  const { id, name, input, rawInput } = part
  const refuse = (problem: string): AnyToolCall => ({ id, name, input, rawInput, invalid: true, problem })
  if (!Object.hasOwn(tools, name)) {
    return refuse(
      `there is no tool named ${JSON.stringify(name)}; the tools are: ${Object.keys(tools).join(', ') || 'none'}`,
    )
  }
  if (part.invalid) return refuse('the arguments are not valid JSON; call the tool again with valid JSON')
  const checked = await check(tools[name]!.inputSchema, input)
  if (!checked.ok) return refuse(`the arguments do not fit the schema: ${checked.problem}`)
  return { id, name, input: checked.value, rawInput }
}

async function readOutput(
  schema: Schema,
  partial: PartialAnswer,
  of: ModelTarget & { readonly code: FinishReason },
): Promise<unknown> {
  const facts: LLMErrorFacts = { ...of, partial, billed: 'yes' }
  const cut = cuts[of.code]
  let value: unknown
  try {
    value = JSON.parse(unfence(partial.text))
  } catch {
    throw new LLMError('invalid_output', cut ?? 'the answer is not JSON; its text is in error.partial', facts)
  }
  const checked = await check(schema, value)
  if (checked.ok) return checked.value
  // The problem may quote the answer, so it goes where vendor text goes.
  const providerMessage = checked.problem
  throw new LLMError('invalid_output', cut ?? 'the answer does not fit the schema; see error.details', {
    ...facts,
    providerMessage,
  })
}

/** Why there is no object, when it is not the model's mistake. */
const cuts: { readonly [reason in FinishReason]?: string } = {
  length: 'the answer was cut at the output limit before its object was whole; raise maxOutputTokens',
  refusal: 'the model refused to answer; its words are in error.partial',
  content_filter: 'a content filter cut the answer before its object was whole; what came is in error.partial',
  pause: 'the vendor paused the answer before its object was whole; what came is in error.partial',
}

/** Some models wrap JSON in a Markdown fence although they were given a schema. */
function unfence(text: string): string {
  const trimmed = text.trim()
  if (!trimmed.startsWith('```') || !trimmed.endsWith('```')) return trimmed
  return trimmed.slice(trimmed.indexOf('\n') + 1, -3)
}
