import type { PricingSource } from '@wayfare/core'
import type { Figures, Posting } from './store.ts'

export const sources: readonly PricingSource[] = ['provider', 'override', 'live', 'registry', 'fallback', 'unknown']

/** One bit for each pricing source. */
export function bitOf(source: PricingSource): number {
  return 1 << sources.indexOf(source)
}

/** Those that a posting adds. */
export function bitsOf({ source, attempts }: Posting): number {
  return attempts === 0 ? 0 : bitOf(source)
}

/** How many attempts a posting adds: where a lease has charged it before, one less. */
export function attemptsOf({ attempts }: Posting, wasCharged: boolean): number {
  return (attempts ?? 1) - (wasCharged ? 1 : 0)
}

/** Whether a posting leaves nothing to be read in a bill. */
export function isNothing(nano: number, posting: Posting, attempts: number): boolean {
  return attempts === 0 && nano === 0 && posting.attempts === 0
}

/** A running sum of postings. */
export class Tally {
  posted = 0
  inputTokens = 0
  outputTokens = 0
  messages = 0
  attempts = 0
  unpriced = 0
  sourceBits = 0

  /** `nano` is what the posting adds: for a correction, the difference. `bit` is that of its source. */
  count(nano: number, posting: Posting, attempts: number, bit: number): void {
    this.posted += nano
    this.inputTokens += posting.inputTokens
    this.outputTokens += posting.outputTokens
    this.attempts += attempts
    if (posting.message) this.messages++
    if (posting.nano === undefined) this.unpriced++
    this.sourceBits |= bit
  }

  add(other: Tally): void {
    this.posted += other.posted
    this.inputTokens += other.inputTokens
    this.outputTokens += other.outputTokens
    this.messages += other.messages
    this.attempts += other.attempts
    this.unpriced += other.unpriced
    this.sourceBits |= other.sourceBits
  }

  /** All of it in a row, for `fill`. */
  numbers(): number[] {
    const { posted, inputTokens, outputTokens, messages, attempts, unpriced, sourceBits } = this
    return [posted, inputTokens, outputTokens, messages, attempts, unpriced, sourceBits]
  }

  fill([
    posted = 0,
    input = 0,
    output = 0,
    messages = 0,
    attempts = 0,
    unpriced = 0,
    bits = 0,
  ]: readonly number[]): void {
    this.posted = posted
    this.inputTokens = input
    this.outputTokens = output
    this.messages = messages
    this.attempts = attempts
    this.unpriced = unpriced
    this.sourceBits = bits
  }

  figures(): Figures {
    const { posted, inputTokens, outputTokens, messages, attempts, unpriced, sourceBits } = this
    const seen = sources.filter((_, bit) => (sourceBits & (1 << bit)) !== 0)
    return { posted, inputTokens, outputTokens, messages, attempts, unpriced, sources: seen }
  }
}

/** The figures that `numbers` are, in the order of `Tally.numbers`. */
export function figuresOf(numbers: readonly number[]): Figures {
  const tally = new Tally()
  tally.fill(numbers)
  return tally.figures()
}

/** What a lease charges that ends before anybody tells what the attempt cost. */
export const unheard: Posting = { nano: 0, inputTokens: 0, outputTokens: 0, message: false, source: 'unknown' }

/** What a posting adds, in the order of `Tally.numbers`; `nano` is the difference where it corrects another. */
export function added(nano: number, posting: Posting, attempts: number): readonly number[] {
  const { inputTokens, outputTokens, message } = posting
  const unpriced = posting.nano === undefined ? 1 : 0
  return [nano, inputTokens, outputTokens, message ? 1 : 0, attempts, unpriced, bitsOf(posting)]
}
