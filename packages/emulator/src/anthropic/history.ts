import type { Rule, Violation } from '../rule.ts'
import type { Block } from './blocks.ts'
import { first } from '../first.ts'
import { isRecord, items, text } from '../narrow.ts'
import { blocksOf } from './blocks.ts'

/** Which roles may hold a block. Results of server-side tools are known by their ending. */
const blockRoles: Readonly<Record<string, string>> = {
  text: 'user assistant',
  image: 'user',
  document: 'user assistant',
  search_result: 'user',
  container_upload: 'user assistant',
  tool_result: 'user',
  tool_use: 'assistant',
  server_tool_use: 'assistant',
  mcp_tool_use: 'assistant',
  thinking: 'assistant',
  redacted_thinking: 'assistant',
  compaction: 'assistant',
}

const idPattern = /^[a-zA-Z0-9_-]+$/

export const historyRules: readonly Rule[] = [
  {
    name: 'empty_messages',
    check: ({ body }) =>
      items(body['messages']).length === 0 ? { message: 'messages: at least one message is required' } : undefined,
  },
  { name: 'role', check: ({ body }) => first(items(body['messages']), roleViolation) },
  {
    name: 'first_role',
    check: ({ body }) => {
      const [head] = items(body['messages'])
      if (isRecord(head) && head['role'] === 'user') return undefined
      return { message: 'messages: first message must use the "user" role' }
    },
  },
  {
    name: 'empty_content',
    check: ({ body }) => {
      const messages = items(body['messages'])
      return first(messages, (message, index) => emptyViolation(message, index, index === messages.length - 1))
    },
  },
  {
    name: 'block_type',
    check: ({ body }) =>
      first(items(body['messages']), (message, index) =>
        first(blocksOf(message, index), (block) =>
          blockViolation(block, isRecord(message) ? text(message['role']) : ''),
        ),
      ),
  },
  {
    name: 'tool_id',
    check: ({ body }) =>
      first(items(body['messages']), (message, index) => first(blocksOf(message, index), idViolation)),
  },
  {
    name: 'tool_input',
    check: ({ body }) =>
      first(items(body['messages']), (message, index) =>
        first(blocksOf(message, index), ({ type, value, path }) =>
          type === 'tool_use' && !isRecord(value['input'])
            ? { message: `${path}.tool_use.input: Input should be a valid dictionary` }
            : undefined,
        ),
      ),
  },
  {
    name: 'cache_control_count',
    check: ({ body }) => {
      const count = cacheMarks(body)
      if (count <= 4) return undefined
      return { message: `A maximum of 4 blocks with cache_control may be provided. Found ${count}.` }
    },
  },
]

function roleViolation(message: unknown, index: number): Violation | undefined {
  if (!isRecord(message)) return { message: `messages.${index}: Input should be a valid dictionary` }
  if (message['role'] === 'user' || message['role'] === 'assistant') return undefined
  return { message: `messages.${index}.role: Input should be 'user' or 'assistant'` }
}

function emptyViolation(message: unknown, index: number, last: boolean): Violation | undefined {
  const content = isRecord(message) ? message['content'] : undefined
  if (typeof content !== 'string' && !Array.isArray(content)) {
    return { message: `messages.${index}.content: Input should be a valid list` }
  }
  const optional = last && isRecord(message) && message['role'] === 'assistant'
  if (content.length === 0 && !optional) {
    return {
      message: `messages.${index}: all messages must have non-empty content except for the optional final assistant message`,
    }
  }
  return first(blocksOf(message, index), ({ type, value }) =>
    type === 'text' && text(value['text']) === ''
      ? { message: 'messages: text content blocks must be non-empty' }
      : undefined,
  )
}

function blockViolation({ type, path }: Block, role: string): Violation | undefined {
  const known = typeof type === 'string' ? (blockRoles[type] ?? serverResult(type)) : undefined
  if (known === undefined)
    return { message: `${path}: Input tag '${String(type)}' found does not match any of the expected tags` }
  if (known.split(' ').includes(role)) return undefined
  return { message: `${path}: \`${String(type)}\` blocks can only be in \`${known}\` messages` }
}

function serverResult(type: string): string | undefined {
  return type.endsWith('_tool_result') ? 'assistant' : undefined
}

function idViolation({ type, value, path }: Block): Violation | undefined {
  const field = type === 'tool_use' ? 'id' : type === 'tool_result' ? 'tool_use_id' : undefined
  if (field === undefined || idPattern.test(text(value[field]))) return undefined
  return { message: `${path}.${String(type)}.${field}: String should match pattern '^[a-zA-Z0-9_-]+$'` }
}

function cacheMarks(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, inner) => sum + cacheMarks(inner), 0)
  if (!isRecord(value)) return 0
  return Object.entries(value).reduce((sum, [key, inner]) => {
    // What a tool was called with, and its schema, is the user's own data.
    if (key === 'input' || key === 'input_schema') return sum
    return sum + (key === 'cache_control' && isRecord(inner) ? 1 : cacheMarks(inner))
  }, 0)
}
