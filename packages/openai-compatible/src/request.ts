import { LLMError, type ProviderMessage, type ProviderRequest, type Warning } from '@wayfare/core'
import { isRecord, portable, type HistoryRules } from '@wayfare/provider-kit'
import type { Adapted, ChatBody, Dialect } from './dialect.ts'
import { effortField } from './effort.ts'
import { chatMessages } from './messages.ts'
import { askForOutput } from './output.ts'

/**
 * The body of one request. Options of the vendor pass into it and win, but not over what the budget was reserved for: model,
 * messages, streaming and the output limit stay. Throws `config` for options that ask for several answers.
 */
export function chatBody(request: ProviderRequest, dialect: Dialect): { body: ChatBody; warnings: readonly Warning[] } {
  const { model, stream, tools } = request
  const history = portable(request.messages, { vendor: dialect.vendor, toolCallId: dialect.toolCallId ?? callIds })
  const reasoning = reasoningOf(request, dialect)
  const output = askForOutput(request, dialect)
  const systemRole = dialect.systemRole?.(model) ?? 'system'
  const body: ChatBody = {
    model,
    messages: chatMessages([...output.messages, ...history.messages], dialect, systemRole),
    stream,
    ...(stream && dialect.asksForUsage && { stream_options: { include_usage: true } }),
    ...given(dialect.maxTokensField ?? 'max_tokens', request.maxOutputTokens),
    ...given('temperature', request.temperature),
    ...given('top_p', request.topP),
    ...given('seed', request.seed),
    ...(request.stop !== undefined && request.stop.length > 0 && { stop: request.stop }),
    ...reasoning.body,
    ...(tools.length > 0 && { tools: tools.map(toolOf), ...toolChoice(request) }),
    ...output.body,
  }
  const adapted = dialect.adapt?.(body, request) ?? { body }
  return {
    body: { ...adapted.body, ...passed(request, dialect) },
    warnings: [
      ...history.warnings,
      ...(history.messages.some(hasFile) ? [fileDropped] : []),
      ...(reasoning.warnings ?? []),
      ...output.warnings,
      ...(adapted.warnings ?? []),
    ],
  }
}

function passed({ options = {}, maxOutputTokens, stream }: ProviderRequest, dialect: Dialect): ChatBody {
  const body: ChatBody = {}
  for (const [field, value] of Object.entries(options)) {
    // Some servers read the names of fields in any case.
    const name = field.toLowerCase()
    if (name === 'n' && value !== 1 && value !== undefined && value !== null) throw severalAnswers(dialect.vendor)
    if (reserved.has(name) || (limits.has(name) && maxOutputTokens !== undefined)) continue
    // Without the usage a stream costs nobody knows what.
    if (name === 'stream_options' && stream && dialect.asksForUsage === true) {
      body['stream_options'] = { ...(isRecord(value) && value), include_usage: true }
    } else body[field] = value
  }
  return body
}

const reserved: ReadonlySet<string> = new Set(['model', 'messages', 'stream'])
const limits: ReadonlySet<string> = new Set(['max_tokens', 'max_completion_tokens'])

function severalAnswers(vendor: string): LLMError {
  const message = `a call has one answer, and providerOptions.${vendor}.n asks for another number; leave n out and call again`
  return new LLMError('config', message, { provider: vendor })
}

/** What strict servers take. */
const callIds: HistoryRules['toolCallId'] = { valid: /^[A-Za-z0-9_-]{1,40}$/, make: (_, index) => `call_${index}` }

const fileDropped: Warning = {
  code: 'file_dropped',
  message: 'a file that a model made was left out of the history; chat completions take files from users only',
}

function hasFile({ role, content }: ProviderMessage): boolean {
  return role === 'assistant' && content.some(({ type }) => type === 'file')
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
