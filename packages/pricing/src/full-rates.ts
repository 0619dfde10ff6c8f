import { components, perComponent, type Component, type PerComponent } from './component.ts'
import { PriceConfigError } from './error.ts'
import type { PartialRates, Rates } from './rates.ts'

/** Every rate present; which of them are stand-ins is known. */
export interface FullRates {
  readonly usdPerMTok: PerComponent
  /** The same in 1e-12 USD: whole numbers, unless a rate has more than six decimals. */
  readonly picoPerToken: PerComponent
  readonly assumed: ReadonlySet<Component>
}

/** Throws a `config` error when a rate is not a number from zero to a million. */
export function fullRates(rates: Rates, where: string): FullRates {
  checkRates(rates, where)
  const { input, output, cacheRead, cacheWrite, audioIn } = rates
  const write = cacheWrite ?? input
  const standIns: Partial<PerComponent> = {
    cacheRead: input,
    cacheWrite: input,
    cacheWrite1h: write > input ? Math.max(write, 2 * input) : write,
    reasoning: output,
    audioIn: input,
    audioOut: output,
    cacheReadAudio: audioIn ?? cacheRead ?? input,
    imageIn: input,
    imageOut: output,
  }
  const assumed = components.map(([component]) => component).filter((component) => rates[component] === undefined)
  return atRates(
    perComponent((component) => rates[component] ?? standIns[component] ?? NaN),
    new Set(assumed),
  )
}

/** The rates times a factor. */
export function timesFactor({ usdPerMTok, assumed }: FullRates, factor: number): FullRates {
  return atRates(
    perComponent((component) => product(usdPerMTok[component], factor)),
    assumed,
  )
}

/** The rates that are given, times a factor. */
export function scaled<R extends PartialRates>(rates: R, factor: number): R {
  const changed: { [K in Component]?: number } = {}
  for (const [component] of components) {
    const rate = rates[component]
    if (rate !== undefined) changed[component] = product(rate, factor)
  }
  return { ...rates, ...changed }
}

/** USD per million tokens, and USD per request: what is dearer is a mistake, and would make sums that are no numbers. */
const dearest = 1e6
/** No region and no service multiplies a price by more. */
export const largestFactor: number = 1_000

export function checkNumber(value: unknown, where: string, most: number = dearest): void {
  if (typeof value === 'number' && value >= 0 && value <= most) return
  if (typeof value === 'number' && value > most)
    throw new PriceConfigError(`${where} has a price above ${most}; give USD per million tokens`)
  throw new PriceConfigError(`${where} has a price that is not a number of zero or more; leave out what is unknown`)
}

function checkRates(rates: Rates, where: string): void {
  for (const [component] of components) {
    const rate = rates[component]
    if (rate !== undefined || component === 'input' || component === 'output') checkNumber(rate, where)
  }
}

function atRates(usdPerMTok: PerComponent, assumed: ReadonlySet<Component>): FullRates {
  return { usdPerMTok, picoPerToken: perComponent((component) => product(usdPerMTok[component], 1e6)), assumed }
}

/** Twelve digits keep 3 * 1.1 at 3.3, and 0.57 * 1e6 at 570000. */
function product(rate: number, factor: number): number {
  const raw = rate * factor
  const whole = Math.round(raw)
  // Most are whole but for a hair; text is the slow way.
  return Math.abs(raw - whole) <= raw * 1e-13 ? whole : Number(raw.toPrecision(12))
}
