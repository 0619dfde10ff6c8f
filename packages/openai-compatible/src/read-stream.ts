import type { FinishReason, ProviderEvent, ToolCallPart, Usage } from '@wayfare/core'
import { decoded, SSEDecoder } from '@wayfare/provider-kit'
import { ChatReader } from './events.ts'

/** A whole streamed answer. */
export interface OpenAIStreamResult {
  readonly content: string
  readonly reasoningContent: string
  readonly toolCalls: readonly ToolCallPart[]
  /** The model that the server says served. */
  readonly model?: string
  readonly finishReason: FinishReason
  /** The server's own word. */
  readonly rawFinishReason?: string
  readonly usage?: Partial<Usage>
  /** What the call cost, where the server says so. */
  readonly reportedUsd?: number
}

export interface ReadOpenAIStreamOptions {
  /** Sees every event, in order, synchronously. What it throws ends the reading. */
  readonly onEvent?: ((event: ProviderEvent) => void) | undefined
}

/**
 * Reads the body of a chat completion stream that was fetched by other means. Throws `LLMError`: `stream_truncated` when the
 * stream ends before the answer does, `protocol` when it cannot be read, and what an error inside the stream means.
 *
 * @example
 * ```ts
 * import { readOpenAIStream } from '@wayfare/openai-compatible'
 * const response = await fetch('http://localhost:8000/v1/chat/completions', { method: 'POST', body: '{}' })
 * const { content } = await readOpenAIStream(response.body!, { onEvent: (event) => console.log(event.type) })
 * ```
 */
export async function readOpenAIStream(
  body: AsyncIterable<Uint8Array>,
  options: ReadOpenAIStreamOptions = {},
): Promise<OpenAIStreamResult> {
  const reader = new ChatReader({
    provider: 'the server',
    model: '',
    dialect: { vendor: 'openai', baseURL: '' },
    response: { status: 200, headers: new Map() },
    clock: { date: () => new Date(0) },
  })
  const result: { -readonly [K in keyof OpenAIStreamResult]: OpenAIStreamResult[K] } = {
    content: '',
    reasoningContent: '',
    toolCalls: [],
    finishReason: 'other',
  }
  for await (const events of decoded(body, new SSEDecoder(reader))) {
    for (const event of events) {
      Object.assign(result, facts(event, result))
      options.onEvent?.(event)
    }
  }
  return result
}

function facts(event: ProviderEvent, result: OpenAIStreamResult): Partial<OpenAIStreamResult> {
  switch (event.type) {
    case 'start':
      return event.model === undefined ? {} : { model: event.model }
    case 'text_delta':
      return { content: result.content + event.text }
    case 'reasoning_delta':
      return { reasoningContent: result.reasoningContent + event.text }
    case 'part':
      return event.part.type === 'tool_call' ? { toolCalls: [...result.toolCalls, event.part] } : {}
    case 'usage':
      return {
        usage: event.usage,
        ...(event.reportedUsd !== undefined && { reportedUsd: event.reportedUsd }),
      }
    case 'finish':
      return {
        finishReason: event.reason,
        ...(event.rawReason !== undefined && { rawFinishReason: event.rawReason }),
      }
    default:
      return {}
  }
}
