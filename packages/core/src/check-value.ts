import { LLMError } from './error.ts'
import { isObject } from './is-object.ts'
import { didYouMean } from './nearest.ts'

/** What a value must be. */
export interface Check {
  readonly fits: (value: unknown) => boolean
  /** In words. */
  readonly want: string
  /** The words among which a misspelt one may be meant. */
  readonly words?: readonly string[]
}

/** Throws `config` for a value that is not what it must be. */
export function checkValue(name: string, value: unknown, { fits, want, words }: Check): void {
  if (fits(value)) return
  const hint = words !== undefined && typeof value === 'string' ? didYouMean(value, words) : ''
  throw new LLMError('config', `${name} must be ${want}${hint}`)
}

/** One of some words; or `other`, an object of that form. */
export function oneOf(
  words: readonly string[],
  other?: string,
  fitsOther: (value: { readonly [key: string]: unknown }) => boolean = () => false,
): Check {
  const choices = [...words.map((word) => `"${word}"`), ...(other === undefined ? [] : [other])]
  return {
    fits: (value) => (typeof value === 'string' ? words.includes(value) : isObject(value) && fitsOther(value)),
    want: `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`,
    words,
  }
}

export const notNegative: Check = {
  fits: (value) => Number.isFinite(value) && (value as number) >= 0, // what is finite is a number
  want: 'a number, 0 or more',
}
