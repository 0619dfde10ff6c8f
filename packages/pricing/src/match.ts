import type { Price } from '@wayfare/core'
import type { Card } from './card.ts'
import type { Rates } from './rates.ts'
import { listingOf, type How, type Listing } from './listing.ts'

type Matched = NonNullable<Extract<Price, { readonly priced: true }>['matched']>

/** A resolved model; what does not depend on the usage is made once. */
export interface Match {
  /** In order of their dates; at least one. */
  readonly cards: readonly Card[]
  readonly source: 'override' | 'live' | 'registry' | 'fallback'
  readonly checked: string | undefined
  readonly matched: Matched | undefined
  readonly geo: string | undefined
  /** Unix milliseconds. */
  readonly staleFrom: number
}

/** Prices at which nobody has looked for so long are stale. */
export const staleAfterMs: number = 60 * 86_400_000

export function matchOf(
  { listing, geo }: { readonly listing: Listing; readonly geo?: string | undefined },
  how: How | 'upstream',
  source: 'override' | 'live' | 'registry',
): Match {
  const { cards, checked, id } = listing
  const seen = checked === undefined ? NaN : Date.parse(checked)
  return {
    cards,
    source,
    checked,
    matched: Object.freeze({ id, how }),
    geo,
    staleFrom: Number.isNaN(seen) ? Infinity : seen + staleAfterMs,
  }
}

export function fallbackMatch(rates: Rates): Match {
  const { cards } = listingOf({ id: 'fallback rate', rates })
  return { cards, source: 'fallback', checked: undefined, matched: undefined, geo: undefined, staleFrom: Infinity }
}

/** A variant that costs nothing, as its id says. */
export function freeMatch(id: string): Match {
  return matchOf({ listing: listingOf({ id, rates: { input: 0, output: 0 } }) }, 'normalised', 'registry')
}

/** The card in force. */
export function cardAt(cards: readonly Card[], at: number): Card {
  for (let i = cards.length - 1; i > 0; i--) {
    const card = cards[i]
    if (card !== undefined && card.from <= at) return card
  }
  // A listing has at least one card, and the first holds from the beginning of time.
  return cards[0] as Card
}
