import type { Rule, Violation } from '../rule.ts'
import type { Part } from './parts.ts'
import { first } from '../first.ts'
import { isRecord, text } from '../narrow.ts'
import { contentsOf, partsOf } from './parts.ts'
import { callSignature, signaturePrefix, signsCalls, standIns } from './signature.ts'

/** Signatures come back on the part that they came on. Gemini 3 wants one on the first call of every step. */
export const signatureRules: readonly Rule[] = [
  {
    name: 'missing_signature',
    check: ({ body, model }) =>
      signsCalls(model) ? first(contentsOf(body), (content, index) => missing(partsOf(content), index)) : undefined,
  },
  {
    name: 'foreign_signature',
    check: ({ body }) =>
      first(contentsOf(body), (content) =>
        partsOf(content).every(isOwn) ? undefined : { message: 'Thought signature is not valid.' },
      ),
  },
]

function missing(parts: readonly Part[], index: number): Violation | undefined {
  const call = parts.find((part) => part['functionCall'] !== undefined)
  if (call === undefined || text(call['thoughtSignature']) !== '') return undefined
  const name = isRecord(call['functionCall']) ? text(call['functionCall']['name']) : ''
  return {
    message:
      'Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly. ' +
      `Function call \`${name}\`, content ${index}.`,
  }
}

function isOwn(part: Part): boolean {
  const signature = part['thoughtSignature']
  if (signature === undefined || standIns.includes(text(signature))) return true
  const call = part['functionCall']
  if (isRecord(call)) return signature === callSignature(call['name'], call['args'])
  return text(signature).startsWith(signaturePrefix)
}
