import type { Emulator, WireName } from '../src/index.ts'

export const wireNames: readonly WireName[] = ['anthropic', 'openai', 'openrouter', 'google', 'ollama']

const user = { role: 'user', content: 'Hi' }

/** The smallest request that each vendor takes. */
export const smallest: Readonly<Record<WireName, { model: string; body: Record<string, unknown> }>> = {
  anthropic: { model: 'claude-sonnet-4-5', body: { max_tokens: 100, messages: [user] } },
  openai: { model: 'gpt-4o-mini', body: { messages: [user] } },
  openrouter: { model: 'openai/gpt-5-mini', body: { messages: [user] } },
  google: { model: 'gemini-2.5-flash', body: { contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] } },
  ollama: { model: 'qwen3:8b', body: { messages: [user] } },
}

export const headers: Readonly<Record<WireName, Record<string, string>>> = {
  anthropic: { 'x-api-key': 'key', 'anthropic-version': '2023-06-01' },
  openai: { authorization: 'Bearer key' },
  openrouter: { authorization: 'Bearer key' },
  google: { 'x-goog-api-key': 'key' },
  ollama: {},
}

export interface Ask {
  readonly stream?: boolean
  readonly model?: string
  readonly body?: Record<string, unknown>
  readonly headers?: Record<string, string>
  readonly signal?: AbortSignal
}

/** Sends a chat as a client of the wire would. */
export async function ask(emulator: Emulator, wire: WireName, options: Ask = {}): Promise<Response> {
  const { url, init } = request(emulator, wire, options)
  return fetch(url, { ...init, ...(options.signal && { signal: options.signal }) })
}

/** The same as bytes for a socket. */
export function httpRequest(emulator: Emulator, wire: WireName, options: Ask = {}): string {
  const { url, init } = request(emulator, wire, options)
  const { pathname, search, host } = new URL(url)
  const lines = Object.entries(init.headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `POST ${pathname}${search} HTTP/1.1\r\nhost: ${host}\r\ncontent-length: ${Buffer.byteLength(init.body)}\r\n${lines.join('')}\r\n${init.body}`
}

function request(
  emulator: Emulator,
  wire: WireName,
  options: Ask,
): { url: string; init: { method: string; headers: Record<string, string>; body: string } } {
  const stream = options.stream ?? true
  const model = options.model ?? smallest[wire].model
  const body = options.body ?? smallest[wire].body
  const path = {
    anthropic: '/messages',
    openai: '/chat/completions',
    openrouter: '/chat/completions',
    google: `/models/${model}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    ollama: '/api/chat',
  }[wire]
  const named = wire === 'google' ? body : { model, stream, ...body }
  const init = { method: 'POST', headers: { ...headers[wire], ...options.headers }, body: JSON.stringify(named) }
  return { url: emulator.baseURL(wire) + path, init }
}

/** The JSON events of a stream, whatever its framing. */
export function eventsOf(text: string): Record<string, unknown>[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.replace(/^data: /, ''))
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

/** Reads a path of keys and indexes, as `choices.0.delta`. */
export function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value)
}

/** What a stream said, put together from its deltas. */
export function spoken(wire: WireName, text: string): { text: string; reasoning: string; args: string } {
  const paths = {
    anthropic: { text: 'delta.text', reasoning: 'delta.thinking', args: 'delta.partial_json' },
    openai: {
      text: 'choices.0.delta.content',
      reasoning: 'choices.0.delta.reasoning_content',
      args: 'choices.0.delta.tool_calls.0.function.arguments',
    },
    openrouter: {
      text: 'choices.0.delta.content',
      reasoning: 'choices.0.delta.reasoning',
      args: 'choices.0.delta.tool_calls.0.function.arguments',
    },
    google: {
      text: 'candidates.0.content.parts.0.text',
      reasoning: 'candidates.0.content.parts.0.text',
      args: 'candidates.0.content.parts.0.functionCall.args',
    },
    ollama: {
      text: 'message.content',
      reasoning: 'message.thinking',
      args: 'message.tool_calls.0.function.arguments',
    },
  }[wire]
  const events = eventsOf(text)
  const join = (path: string, thought?: boolean): string =>
    events
      .filter(
        (event) => thought === undefined || (at(event, 'candidates.0.content.parts.0.thought') === true) === thought,
      )
      .map((event) => at(event, path))
      .filter((value) => value !== undefined && value !== null)
      .map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
      .join('')
  const google = wire === 'google'
  return {
    text: join(paths.text, google ? false : undefined),
    reasoning: join(paths.reasoning, google ? true : undefined),
    args: join(paths.args),
  }
}
