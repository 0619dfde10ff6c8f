import type { Rule, Violation } from '../rule.ts'
import { first } from '../first.ts'
import { records, text } from '../narrow.ts'
import { itemType } from './input.ts'
import { encryptedContent } from './signature.ts'

type Item = Readonly<Record<string, unknown>>

/** Reasoning comes back as it was handed out, together with what came of it, or not at all. */
export const thoughtRules: readonly Rule[] = [
  {
    name: 'reasoning_not_stored',
    check: ({ body }) =>
      first(thoughts(body), (item) =>
        body['store'] === false && text(item['encrypted_content']) === ''
          ? violation(
              `Item with id '${text(item['id'])}' not found. Items are not persisted when \`store\` is set to false. ` +
                'Try again with `store` set to true, or remove this item from your input.',
            )
          : undefined,
      ),
  },
  {
    name: 'foreign_reasoning',
    check: ({ body }) => first(thoughts(body), (item) => (isGenuine(item) ? undefined : violation(unverified))),
  },
  {
    name: 'reasoning_without_item',
    check: ({ body }) => {
      const input = records(body['input'])
      return first(input, (item, at) => (itemType(item) === 'reasoning' ? idle(item, input[at + 1]) : undefined))
    },
  },
  {
    name: 'item_without_reasoning',
    check: ({ body }) => {
      const input = records(body['input'])
      return first(input, (item, at) => thoughtless(item, input.slice(0, at)))
    },
  },
]

const unverified = 'The encrypted content could not be verified. Reason: it could not be decrypted or parsed.'

function thoughts(body: Item): readonly Item[] {
  return records(body['input']).filter((item) => itemType(item) === 'reasoning')
}

function isGenuine(item: Item): boolean {
  const encrypted = item['encrypted_content'] ?? null
  if (encrypted === null) return true
  const summary = records(item['summary'])
    .map((part) => text(part['text']))
    .join('')
  return encrypted === encryptedContent(text(item['id']), summary)
}

function idle(item: Item, next: Item | undefined): Violation | undefined {
  const type = next === undefined ? '' : itemType(next)
  const own = type === 'message' ? next?.['role'] === 'assistant' : type !== '' && !type.endsWith('_output')
  if (own) return undefined
  return violation(`Item '${text(item['id'])}' of type 'reasoning' was provided without its required following item.`)
}

/** The ids of items that followed a thought end in `r`. */
function thoughtless(item: Item, before: readonly Item[]): Violation | undefined {
  const stem = /^(?:msg|fc)_(.+)r(?:_\d+)?$/.exec(text(item['id']))?.[1]
  if (stem === undefined || before.some((earlier) => earlier['id'] === `rs_${stem}`)) return undefined
  return violation(
    `Item '${text(item['id'])}' of type '${itemType(item)}' was provided without its required 'reasoning' item: 'rs_${stem}'.`,
  )
}

function violation(message: string): Violation {
  return { message, param: 'input' }
}
