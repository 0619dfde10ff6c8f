import type { CallDefaults, Sampling } from './contract/call.ts'
import { checkValue, notNegative, oneOf, type Check } from './check-value.ts'
import { LLMError } from './error.ts'
import { isObject } from './is-object.ts'
import { isTextPart } from './parts.ts'

const text: Check = { fits: (value) => typeof value === 'string', want: 'a string' }

type Effort = Extract<Sampling['reasoning'], string>
// An object, so that the compiler finds a forgotten one.
const efforts: Record<Effort, 0> = { none: 0, minimal: 0, low: 0, medium: 0, high: 0, xhigh: 0, max: 0 }

/** Every option that may be set by default or in a call. */
export const defaultOptions: { readonly [name in keyof CallDefaults]-?: Check | 'elsewhere' } = {
  model: 'elsewhere',
  alternatives: { fits: Array.isArray, want: 'a list of references, such as ["openai/gpt-5.4"]' },
  order: oneOf(['listed', 'cheapest', 'fastest'], '{ weights }', (value) => isObject(value['weights'])),
  affinity: { fits: isObject, want: '{ ttlMs }' },
  hedge: { fits: isObject, want: '{ afterMs }' },
  timeout: 'elsewhere',
  fallbacks: 'elsewhere',
  maxOutputTokens: { fits: isCount, want: 'a whole number above 0' },
  temperature: notNegative,
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
  tags: {
    fits: (value) => isRecordOf(value, text.fits) && Object.keys(value).length <= 100,
    want: 'an object of at most 100 strings',
  },
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

/** Throws `config` for an option whose value is not of its kind, whether it is a default or stands in a call. */
export function checkScalars(options: CallDefaults): void {
  for (const name in options) {
    const known = name as keyof CallDefaults // or one that a call alone has, which no check is found for
    const check = defaultOptions[known]
    const value: unknown = options[known]
    if (typeof check !== 'object' || value === undefined) continue
    checkValue(
      name,
      value,
      value === null ? { ...check, want: `${check.want}; it is null: leave it out instead` } : check,
    )
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

function isNumber(value: unknown): value is number {
  return Number.isFinite(value)
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) > 0 // an integer is a number
}

function isListOf(value: unknown, fits: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(fits)
}

function isRecordOf(value: unknown, fits: (item: unknown) => boolean): value is object {
  return isRecord(value) && Object.values(value).every(fits)
}

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return isObject(value) && !Array.isArray(value)
}

/** By its shape: it may come from another realm. */
function isSignal(value: unknown): boolean {
  return isRecord(value) && typeof value['aborted'] === 'boolean' && typeof value['addEventListener'] === 'function'
}
