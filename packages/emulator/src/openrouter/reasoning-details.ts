import type { Rule, Violation } from '../rule.ts'
import { first } from '../first.ts'
import { records, text } from '../narrow.ts'
import { reasoningSignature } from './signature.ts'

/** Details come back as they were handed out, whether in their pieces or merged. */
export const reasoningRules: readonly Rule[] = [
  {
    name: 'reasoning_details',
    check: ({ body }) =>
      first(records(body['messages']), (message, index) =>
        (message['reasoning_details'] ?? null) === null || Array.isArray(message['reasoning_details'])
          ? undefined
          : { message: `Invalid input at "messages[${index}].reasoning_details": expected array` },
      ),
  },
  { name: 'foreign_signature', check: ({ body }) => first(records(body['messages']), foreign) },
]

function foreign(message: Readonly<Record<string, unknown>>, index: number): Violation | undefined {
  const details = records(message['reasoning_details']).filter((detail) => detail['type'] === 'reasoning.text')
  const own = reasoningSignature(details.map((detail) => text(detail['text'])).join(''))
  const stray = details.find((detail) => (detail['signature'] ?? null) !== null && detail['signature'] !== own)
  if (stray === undefined) return undefined
  return { message: `messages.${index}: Invalid \`signature\` in \`thinking\` block` }
}
