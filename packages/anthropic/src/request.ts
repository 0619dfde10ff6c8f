import type { ProviderRequest, Warning } from '@wayfare/core'
import { isRecord, portable } from '@wayfare/provider-kit'
import { familyOf } from './families.ts'
import type { Family } from './families.ts'
import { answersUnthought, conversation, historyRules } from './history.ts'
import { formatSchema } from './schema.ts'
import { chooseThinking } from './thinking.ts'
import type { ThinkingChoice } from './thinking.ts'

export interface BuiltRequest {
  readonly body: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, string>>
  readonly warnings: readonly Warning[]
  /** The tool that stands in for structured output. */
  readonly outputTool?: string
}

/** The request as the Messages API wants it. Throws `unsupported` for a file of a kind that it does not take. */
export function buildRequest(request: ProviderRequest, provider: string): BuiltRequest {
  const family = familyOf(request.model)
  const history = portable(request.messages, historyRules)
  const { system, messages, warnings } = conversation(history.messages, provider)
  const {
    betas,
    serviceTier,
    thinking: extra,
    tools: vendorTools,
    output_config: config,
    stream: _,
    ...rest
  } = request.options ?? {}

  const limit = outputLimit(request, family)
  const outputTool = request.output !== undefined && !family.format ? request.output.name : undefined
  const choice = toolChoice(request, family, outputTool)
  const { reasoning } = request
  const wish = {
    reasoning,
    maxTokens: limit.maxTokens,
    forced: choice.forced,
    unthought: answersUnthought(messages),
    extra: isRecord(extra) ? extra : undefined,
  }
  const thinking = chooseThinking(wish, family)
  const sampling = samplingOf(request, family, thinking)
  const tools = [...toolsOf(request, outputTool), ...(Array.isArray(vendorTools) ? vendorTools : [])]
  const format =
    outputTool === undefined && request.output !== undefined ? formatSchema(request.output.schema) : undefined
  const outputConfig = {
    ...(thinking.effort !== undefined && { effort: thinking.effort }),
    ...(format !== undefined && { format: { type: 'json_schema', schema: format.schema } }),
    ...(isRecord(config) ? config : {}),
  }

  const body = {
    ...(system.length > 0 && { system }),
    ...(tools.length > 0 && { tools }),
    ...(tools.length > 0 && choice.wire !== undefined && { tool_choice: choice.wire }),
    ...(thinking.thinking !== undefined && { thinking: thinking.thinking }),
    ...(Object.keys(outputConfig).length > 0 && { output_config: outputConfig }),
    ...(request.stop !== undefined && request.stop.length > 0 && { stop_sequences: request.stop }),
    ...sampling.wire,
    ...(serviceTier !== undefined && { service_tier: serviceTier }),
    ...rest,
    // Last, because the budget was reserved for these.
    model: request.model,
    max_tokens: limit.maxTokens,
    messages,
    ...(request.stream && { stream: true }),
  }
  return {
    body,
    headers: Array.isArray(betas) && betas.length > 0 ? { 'anthropic-beta': betas.join(',') } : {},
    warnings: [
      ...history.warnings,
      ...warnings,
      ...limit.warnings,
      ...choice.warnings,
      ...(format?.warnings ?? []),
      ...thinking.warnings,
      ...sampling.warnings,
    ],
    ...(outputTool !== undefined && { outputTool }),
  }
}

function outputLimit(request: ProviderRequest, family: Family): { maxTokens: number; warnings: readonly Warning[] } {
  const asked = request.maxOutputTokens
  if (asked === undefined) return { maxTokens: family.maxTokens, warnings: [] }
  if (!family.capped || asked <= family.maxTokens) return { maxTokens: asked, warnings: [] }
  const message = `maxOutputTokens ${asked} became ${family.maxTokens}, the most that ${request.model} gives`
  return { maxTokens: family.maxTokens, warnings: [{ code: 'max_output_tokens_reduced', message }] }
}

interface ToolDecision {
  readonly wire?: Readonly<Record<string, unknown>>
  readonly forced: boolean
  readonly warnings: readonly Warning[]
}

function toolChoice(request: ProviderRequest, family: Family, outputTool: string | undefined): ToolDecision {
  const asked = request.toolChoice
  if (outputTool !== undefined) {
    // With tools of the caller's the model may call one of those first.
    const wire = request.tools.length > 0 && asked !== 'none' ? { type: 'any' } : { type: 'tool', name: outputTool }
    return { wire, forced: true, warnings: [] }
  }
  if (request.tools.length === 0 || asked === 'auto') return { forced: false, warnings: [] }
  if (asked === 'none') return { wire: { type: 'none' }, forced: false, warnings: [] }
  if (!family.forcedTool) {
    const message = `${request.model} cannot be forced to call a tool; it was left to choose`
    return { wire: { type: 'auto' }, forced: false, warnings: [{ code: 'tool_choice_dropped', message }] }
  }
  const wire = asked === 'required' ? { type: 'any' } : { type: 'tool', name: asked.tool }
  return { wire, forced: true, warnings: [] }
}

function toolsOf(request: ProviderRequest, outputTool: string | undefined): readonly object[] {
  const tools: object[] = request.tools.map(({ name, description, inputSchema }) => ({
    name,
    ...(description !== undefined && { description }),
    input_schema: inputSchema,
  }))
  if (outputTool !== undefined && request.output !== undefined)
    tools.push({ name: outputTool, description: 'Gives the final answer.', input_schema: request.output.schema })
  return tools
}

function samplingOf(
  { temperature, topP, seed }: ProviderRequest,
  family: Family,
  thinking: ThinkingChoice,
): { readonly wire: object; readonly warnings: readonly Warning[] } {
  const refused = family.sampling === 'none' || thinking.on
  const both = temperature !== undefined && topP !== undefined
  const drops = [
    ...(refused && temperature !== undefined ? ['temperature'] : []),
    ...(topP !== undefined && (refused || both) ? ['topP'] : []),
    ...(seed === undefined ? [] : ['seed']),
  ]
  return {
    wire: {
      ...(temperature !== undefined && !refused && { temperature: Math.min(temperature, 1) }),
      ...(topP !== undefined && !refused && !both && { top_p: topP }),
    },
    warnings: [
      ...drops.map((name) => ({
        code: 'sampling_dropped',
        message: `${name} was not sent: ${name === 'seed' ? 'this API has none' : 'the model refuses it in this request'}`,
      })),
      ...(!refused && temperature !== undefined && temperature > 1 ? [hot] : []),
    ],
  }
}

const hot: Warning = { code: 'sampling_rounded', message: 'temperature became 1, the most that this API takes' }
