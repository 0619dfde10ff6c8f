import type { ProviderRequest, Warning } from '@wayfare/core'
import { isRecord, portable } from '@wayfare/provider-kit'
import { conversation, historyRules } from './history.ts'
import { chooseThinking } from './thinking.ts'

export interface BuiltRequest {
  readonly body: Readonly<Record<string, unknown>>
  readonly warnings: readonly Warning[]
  /** The size of the context, as far as the request sets it. */
  readonly contextTokens?: number
}

/** The request as `/api/chat` wants it. Throws `unsupported` for files that it does not take. */
export function buildRequest(request: ProviderRequest, provider: string): BuiltRequest {
  const history = portable(request.messages, historyRules)
  const { messages, warnings } = conversation(history.messages, provider)
  const { options: vendorOptions, ...rest } = request.options ?? {}
  const thinking = chooseThinking(request.reasoning, request.model)
  const parameters = parametersOf(request, isRecord(vendorOptions) ? vendorOptions : {})
  const tools = request.toolChoice === 'none' ? [] : toolsOf(request)
  const contextTokens = parameters['num_ctx']
  return {
    body: {
      ...(tools.length > 0 && { tools }),
      ...(request.output !== undefined && { format: request.output.schema }),
      ...(Object.keys(parameters).length > 0 && { options: parameters }),
      ...(thinking.think !== undefined && { think: thinking.think }),
      ...rest,
      model: request.model,
      messages,
      // Streaming is this server's default, so that both must be said.
      stream: request.stream,
    },
    warnings: [...history.warnings, ...warnings, ...thinking.warnings, ...choiceWarnings(request)],
    ...(typeof contextTokens === 'number' && { contextTokens }),
  }
}

function parametersOf(
  { maxOutputTokens, temperature, topP, seed, stop }: ProviderRequest,
  vendorOptions: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return {
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { top_p: topP }),
    ...(seed !== undefined && { seed }),
    ...(stop !== undefined && stop.length > 0 && { stop }),
    ...vendorOptions,
    // Last, because the budget was reserved for it.
    ...(maxOutputTokens !== undefined && { num_predict: maxOutputTokens }),
  }
}

function toolsOf({ tools }: ProviderRequest): readonly object[] {
  return tools.map(({ name, description, inputSchema }) => ({
    type: 'function',
    function: { name, ...(description !== undefined && { description }), parameters: inputSchema },
  }))
}

function choiceWarnings({ toolChoice, tools }: ProviderRequest): readonly Warning[] {
  if (tools.length === 0 || toolChoice === 'auto' || toolChoice === 'none') return []
  return [{ code: 'tool_choice_dropped', message: 'this API cannot force a tool; the model was left to choose' }]
}
