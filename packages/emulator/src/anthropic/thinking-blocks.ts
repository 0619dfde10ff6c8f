import type { Rule, Violation } from '../rule.ts'
import type { Block } from './blocks.ts'
import { first } from '../first.ts'
import { items, text } from '../narrow.ts'
import { blocksOf } from './blocks.ts'
import { thinkingSignature } from './signature.ts'

/** Thinking comes back as it was handed out, signature included. */
export const signatureRules: readonly Rule[] = [
  { name: 'missing_signature', check: ({ body }) => ofBlocks(body['messages'], missing) },
  { name: 'foreign_signature', check: ({ body }) => ofBlocks(body['messages'], foreign) },
]

function ofBlocks(messages: unknown, look: (block: Block) => Violation | undefined): Violation | undefined {
  return first(items(messages), (message, index) => first(blocksOf(message, index), look))
}

function missing({ type, value, path }: Block): Violation | undefined {
  if (type === 'thinking' && text(value['signature']) === '')
    return { message: `${path}.thinking.signature: Field required` }
  if (type === 'redacted_thinking' && text(value['data']) === '') {
    return { message: `${path}.redacted_thinking.data: Field required` }
  }
  return undefined
}

function foreign({ type, value, path }: Block): Violation | undefined {
  if (type !== 'thinking' || value['signature'] === thinkingSignature(text(value['thinking']))) return undefined
  return { message: `${path}: Invalid \`signature\` in \`thinking\` block` }
}
