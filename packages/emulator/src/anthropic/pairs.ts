import type { Rule, Violation } from '../rule.ts'
import { first } from '../first.ts'
import { items, text } from '../narrow.ts'
import { blocksOf } from './blocks.ts'

/** Calls are answered in the very next message, and nothing else is. */
export const pairRules: readonly Rule[] = [
  {
    name: 'unanswered_tool_call',
    check: ({ body }) => {
      const messages = items(body['messages'])
      return first(messages, (message, index) => unanswered(message, messages[index + 1], index))
    },
  },
  {
    name: 'unpaired_tool_result',
    check: ({ body }) => {
      const messages = items(body['messages'])
      return first(messages, (message, index) => unpaired(message, messages[index - 1], index))
    },
  },
  {
    name: 'duplicate_tool_id',
    check: ({ body }) => {
      const ids = items(body['messages']).flatMap((message, index) => idsOf(message, index, 'tool_use', 'id'))
      return new Set(ids).size === ids.length ? undefined : { message: 'messages: `tool_use` ids must be unique' }
    },
  },
]

function unanswered(message: unknown, next: unknown, index: number): Violation | undefined {
  const answered = new Set(idsOf(next, index + 1, 'tool_result', 'tool_use_id'))
  const open = idsOf(message, index, 'tool_use', 'id').filter((id) => !answered.has(id))
  if (open.length === 0) return undefined
  return {
    message:
      `messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${open.join(', ')}. ` +
      'Each `tool_use` block must have a corresponding `tool_result` block in the next message.',
  }
}

function unpaired(message: unknown, previous: unknown, index: number): Violation | undefined {
  const called = new Set(idsOf(previous, index - 1, 'tool_use', 'id'))
  const results = idsOf(message, index, 'tool_result', 'tool_use_id')
  const stray = results.find((id, at) => !called.has(id) || results.indexOf(id) !== at)
  if (stray === undefined) return undefined
  return { message: `messages.${index}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${stray}` }
}

function idsOf(message: unknown, index: number, type: string, field: string): readonly string[] {
  return blocksOf(message, index).flatMap((block) => (block.type === type ? [text(block.value[field])] : []))
}
