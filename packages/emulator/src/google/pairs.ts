import type { Rule, Violation } from '../rule.ts'
import { first } from '../first.ts'
import { isRecord } from '../narrow.ts'
import { contentsOf, functionsOf } from './parts.ts'

/** All calls of one turn are answered together, in the very next content. */
export const pairRules: readonly Rule[] = [
  {
    name: 'unanswered_tool_call',
    check: ({ body }) => {
      const contents = contentsOf(body)
      return first(contents, (content, index) => unanswered(content, contents[index + 1]))
    },
  },
  {
    name: 'unpaired_tool_result',
    check: ({ body }) => {
      const contents = contentsOf(body)
      return first(contents, (content, index) => unpaired(content, contents[index - 1]))
    },
  },
  {
    name: 'call_position',
    check: ({ body }) => {
      const contents = contentsOf(body)
      return first(contents, (content, index) => {
        const before = contents[index - 1]
        if (functionsOf(content, 'functionCall').length === 0) return undefined
        if (isRecord(before) && before['role'] === 'user') return undefined
        return {
          message:
            'Please ensure that function call turn comes immediately after a user turn or after a function response turn.',
        }
      })
    },
  },
]

function unanswered(content: unknown, next: unknown): Violation | undefined {
  const calls = functionsOf(content, 'functionCall').length
  const responses = functionsOf(next, 'functionResponse').length
  if (calls === 0 || calls === responses) return undefined
  return {
    message:
      'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.',
  }
}

function unpaired(content: unknown, before: unknown): Violation | undefined {
  const responses = functionsOf(content, 'functionResponse')
  const calls = functionsOf(before, 'functionCall')
  if (responses.length > 0 && calls.length === 0) {
    return { message: 'Please ensure that function response turn comes immediately after a function call turn.' }
  }
  const stray = responses.find((response, index) => {
    const call = calls[index] ?? {}
    const otherId = call['id'] !== undefined && response['id'] !== undefined && call['id'] !== response['id']
    return call['name'] !== response['name'] || otherId
  })
  if (stray === undefined) return undefined
  return {
    message: `The function response of "${String(stray['name'])}" does not answer the function call at its place.`,
  }
}
