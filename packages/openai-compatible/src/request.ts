import type { ProviderRequest, Warning } from '@wayfare/core'
import { portable } from '@wayfare/provider-kit'
import type { Adapted, ChatBody, Dialect } from './dialect.ts'
import { effortField } from './effort.ts'
import { chatMessages } from './messages.ts'

/** The body of one request. Options of the vendor that Wayfare does not know pass into it unchanged, and win. */
export function chatBody(request: ProviderRequest, dialect: Dialect): { body: ChatBody; warnings: readonly Warning[] } {
  const { model, stream, tools, options } = request
  const history = portable(request.messages, { vendor: dialect.vendor, toolCallId: dialect.toolCallId })
  const reasoning = reasoningOf(request, dialect)
  const body: ChatBody = {
    model,
    messages: chatMessages(history.messages, dialect, dialect.systemRole?.(model) ?? 'system'),
    stream,
    ...(stream && dialect.asksForUsage && { stream_options: { include_usage: true } }),
    ...given(dialect.maxTokensField ?? 'max_tokens', request.maxOutputTokens),
    ...given('temperature', request.temperature),
    ...given('top_p', request.topP),
    ...given('seed', request.seed),
    ...(request.stop !== undefined && request.stop.length > 0 && { stop: request.stop }),
    ...reasoning.body,
    ...(tools.length > 0 && { tools: tools.map(toolOf), ...toolChoice(request) }),
    ...(request.output !== undefined && {
      response_format: {
        type: 'json_schema',
        json_schema: { name: request.output.name, schema: request.output.schema },
      },
    }),
  }
  const adapted = dialect.adapt?.(body, request) ?? { body }
  return {
    body: { ...adapted.body, ...options },
    warnings: [...history.warnings, ...(reasoning.warnings ?? []), ...(adapted.warnings ?? [])],
  }
}

function reasoningOf({ reasoning: wish, model }: ProviderRequest, dialect: Dialect): Adapted {
  if (wish === undefined) return { body: {} }
  return dialect.reasoning?.(wish, model) ?? effortField(wish, model, ['low', 'medium', 'high'])
}

function given(field: string, value: unknown): ChatBody {
  return value === undefined ? {} : { [field]: value }
}

function toolOf(tool: ProviderRequest['tools'][number]): object {
  return {
    type: 'function',
    function: {
      name: tool.name,
      ...(tool.description !== undefined && { description: tool.description }),
      parameters: tool.inputSchema,
    },
  }
}

function toolChoice({ toolChoice: choice }: ProviderRequest): ChatBody {
  if (choice === 'auto') return {}
  return { tool_choice: typeof choice === 'string' ? choice : { type: 'function', function: { name: choice.tool } } }
}
