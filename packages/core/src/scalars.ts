import type { CallDefaults, Sampling } from './contract/call.ts'
import { LLMError } from './error.ts'
import { nearest } from './nearest.ts'
import { isTextPart } from './parts.ts'

interface Check {
  readonly fits: (value: unknown) => boolean
  /** What would be right. */
  readonly want: string
  /** The words among which a misspelt one may be meant. */
  readonly words?: readonly string[]
}

const efforts: Record<Extract<Sampling['reasoning'], string>, true> = {
  none: true,
  minimal: true,
  low: true,
  medium: true,
  high: true,
  xhigh: true,
  max: true,
}

const text: Check = { fits: (value) => typeof value === 'string', want: 'a string' }

const table: { readonly [name in keyof CallDefaults]?: Check } = {
  maxOutputTokens: { fits: isCount, want: 'a whole number above 0' },
  temperature: { fits: (value) => isNumber(value) && value >= 0, want: 'a number, 0 or more' },
  topP: { fits: (value) => isNumber(value) && value >= 0 && value <= 1, want: 'a number from 0 to 1' },
  seed: { fits: isNumber, want: 'a number' },
  stop: { fits: (value) => isListOf(value, text.fits), want: 'a list of strings' },
  reasoning: oneOf(Object.keys(efforts), '{ maxTokens: a whole number above 0 }', (value) =>
    isCount(value['maxTokens']),
  ),
  system: {
    fits: (value) => typeof value === 'string' || isListOf(value, isTextPart),
    want: 'a string or a list of text parts',
  },
  session: text,
  agent: text,
  tags: { fits: (value) => isRecordOf(value, text.fits), want: 'an object of strings' },
  tools: {
    fits: (value) => typeof value === 'function' || isToolSet(value),
    want: 'an object of tools by name, or a function that returns one',
  },
  toolChoice: oneOf(['auto', 'none', 'required'], '{ tool: its name }', (value) => typeof value['tool'] === 'string'),
  signal: { fits: isSignal, want: 'an AbortSignal' },
  onInterrupt: oneOf(['reset', 'fail', 'continue']),
  onAbort: oneOf(['cancel', 'drain']),
  stream: { fits: (value) => typeof value === 'boolean', want: 'true or false' },
  providerOptions: {
    fits: (value) => isRecordOf(value, (options) => options === undefined || isRecord(options)),
    want: 'an object of options by vendor, each an object',
  },
}

const checks: ReadonlyMap<string, Check> = new Map(Object.entries(table))

/** Throws `config` for an option whose value is not of its kind, whether it is a default or stands in a call. */
export function checkScalars(options: CallDefaults): void {
  for (const name in options) {
    const check = checks.get(name)
    const value: unknown = options[name as keyof CallDefaults] // a name of the options
    if (check !== undefined && value !== undefined) checkOne(name, value, check)
  }
}

/** Not a list, and not the promise of one. */
export function isToolSet(value: unknown): boolean {
  return isRecord(value) && typeof value['then'] !== 'function'
}

/** Throws `config` for what should be an object of options and is not. */
export function checkObject(value: unknown, problem: string): void {
  if (!isRecord(value)) throw new LLMError('config', problem)
}

function checkOne(name: string, value: unknown, { fits, want, words }: Check): void {
  if (fits(value)) return
  if (value === null) throw new LLMError('config', `${name} must be ${want}; it is null: leave it out instead`)
  const meant = words !== undefined && typeof value === 'string' ? nearest(value, words) : undefined
  throw new LLMError('config', `${name} must be ${want}${meant === undefined ? '' : `; did you mean "${meant}"?`}`)
}

function oneOf(
  words: readonly string[],
  other?: string,
  fitsOther?: (value: { readonly [key: string]: unknown }) => boolean,
): Check {
  const choices = [...words.map((word) => `"${word}"`), ...(other === undefined ? [] : [other])]
  return {
    fits: (value) =>
      typeof value === 'string'
        ? words.includes(value)
        : fitsOther !== undefined && isRecord(value) && fitsOther(value),
    want: `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`,
    words,
  }
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value)
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) > 0 // an integer is a number
}

function isListOf(value: unknown, fits: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(fits)
}

function isRecordOf(value: unknown, fits: (item: unknown) => boolean): boolean {
  return isRecord(value) && Object.values(value).every(fits)
}

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** By its shape: it may come from another realm. */
function isSignal(value: unknown): boolean {
  return isRecord(value) && typeof value['aborted'] === 'boolean' && typeof value['addEventListener'] === 'function'
}
