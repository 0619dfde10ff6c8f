import type { PackedCard, PackedVendor } from '../../../pricing/src/unpack.ts'

export interface PriceDiff {
  /** One line a change, for the changeset. */
  readonly lines: readonly string[]
  /** Why the new list should not be believed without a look. */
  readonly doubts: readonly string[]
}

/** Compares two lists by the last card of every model. */
export function diffPrices(before: readonly PackedVendor[], after: readonly PackedVendor[]): PriceDiff {
  const old = cardsById(before)
  const fresh = cardsById(after)
  const lines: string[] = []
  const doubts: string[] = []
  for (const [id, card] of fresh) {
    const was = old.get(id)
    if (was === undefined) lines.push(`+ ${id} ${JSON.stringify(card)}`)
    else if (JSON.stringify(was) !== JSON.stringify(card)) {
      lines.push(`~ ${id} ${JSON.stringify(was)} -> ${JSON.stringify(card)}`)
      if (leap(was, card) > 10) doubts.push(`${id} moved more than tenfold`)
    }
  }
  const gone = [...old.keys()].filter((id) => !fresh.has(id))
  lines.push(...gone.map((id) => `- ${id}`))
  if (gone.length > 0.3 * old.size) doubts.push(`${gone.length} of ${old.size} models vanished`)
  return { lines, doubts }
}

function cardsById(vendors: readonly PackedVendor[]): Map<string, PackedCard> {
  return new Map(
    vendors.flatMap(({ names, models }) =>
      models.map(([ids, ...cards]) => {
        // The last part of a model is always a card.
        return [`${names[0] ?? ''}/${(ids.split(' ')[0] ?? '').replace('*', '')}`, cards.at(-1) as PackedCard] as const
      }),
    ),
  )
}

function leap(was: PackedCard, is: PackedCard): number {
  const ratios = was.flatMap((rate, i) => {
    const next = is[i]
    return typeof rate === 'number' && typeof next === 'number' && rate > 0 && next > 0
      ? [Math.max(rate / next, next / rate)]
      : []
  })
  return Math.max(1, ...ratios)
}
