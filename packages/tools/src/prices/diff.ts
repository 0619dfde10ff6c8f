import type { PackedCard, PackedVendor } from '../../../pricing/src/unpack.ts'

export interface PriceDiff {
  /** One line a change, for the changeset. */
  readonly lines: readonly string[]
  /** Why the new list should not be believed without a look. */
  readonly doubts: readonly string[]
}

/** Compares two lists: names, and every card of every model. */
export function diffPrices(before: readonly PackedVendor[], after: readonly PackedVendor[]): PriceDiff {
  const old = modelsById(before)
  const fresh = modelsById(after)
  const lines: string[] = []
  const doubts: string[] = []
  for (const [id, model] of fresh) {
    const was = old.get(id)
    if (was === undefined) lines.push(`+ ${id} ${JSON.stringify(model.cards)}`)
    else if (JSON.stringify(was) !== JSON.stringify(model)) {
      lines.push(`~ ${id} ${JSON.stringify(changeOf(was, model))} -> ${JSON.stringify(changeOf(model, was))}`)
      if (leaps(was.last, model.last)) doubts.push(`${id} moved more than tenfold`)
    }
  }
  const gone = [...old.keys()].filter((id) => !fresh.has(id))
  lines.push(...gone.map((id) => `- ${id}`))
  for (const vendor of ['', ...before.map(({ names }) => `${names[0] ?? ''}/`)]) {
    const had = [...old.keys()].filter((id) => id.startsWith(vendor)).length
    const lost = gone.filter((id) => id.startsWith(vendor)).length
    if (lost > 0.3 * had) doubts.push(`${lost} of ${had} models ${vendor && `of ${vendor} `}vanished`)
  }
  return { lines, doubts }
}

interface Model {
  readonly names: string
  /** With their dates. */
  readonly cards: readonly unknown[]
  readonly last: PackedCard
}

function modelsById(vendors: readonly PackedVendor[]): Map<string, Model> {
  return new Map(
    vendors.flatMap(({ names, models }) =>
      models.map(([ids, ...cards]) => {
        const id = `${names[0] ?? ''}/${(ids.split(' ')[0] ?? '').replace('*', '')}`
        // The last part of a model is always a card.
        return [id, { names: ids, cards, last: cards.at(-1) as PackedCard }] as const
      }),
    ),
  )
}

function changeOf({ names, cards }: Model, other: Model): unknown {
  if (JSON.stringify(cards) === JSON.stringify(other.cards)) return names
  return names === other.names ? cards : [names, ...cards]
}

/** Whether a rate, in any tier, moved more than tenfold, or became zero or ceased to be. */
function leaps(was: PackedCard, is: PackedCard): boolean {
  const [old, fresh] = [rows(was), rows(is)]
  return old.some((row, i) => row.some((rate, k) => leap(rate, fresh[i]?.[k], k)))
}

function leap(was: number, is: number | undefined, column: number): boolean {
  // Beyond input and output, zero and nothing mean that there is no rate.
  if (is === undefined || is === 0 || was === 0) return column < 2 && (is ?? 0) !== was
  return Math.max(is / was, was / is) > 10
}

/** The rates, then those of each tier. */
function rows(card: PackedCard): readonly (readonly number[])[] {
  const tiers = card.flatMap((part) => (typeof part === 'object' ? (part.t ?? []) : []))
  return [card.filter((part) => typeof part === 'number'), ...tiers.map(([, ...rates]) => rates)]
}
