import { CostConfigError } from './error.ts'
import { nearest } from './nearest.ts'

/** Throws a `config` error unless `value` is a plain object; `expected` says what would be right. */
export function checkObject(value: unknown, where: string, expected: string): asserts value is object {
  if (isPlain(value)) return
  throw new CostConfigError(`${where} is ${named(value)}, not an object; ${expected}`)
}

/** Throws a `config` error for a name that is not known, with the nearest that is. */
export function checkKeys(settings: object, known: readonly string[], where: string): void {
  for (const key of Object.keys(settings)) {
    if (!known.includes(key))
      throw new CostConfigError(`${where} has no "${key}"${hint(key, known)}; it has ${known.join(', ')}`)
  }
}

/** Throws a `config` error unless `value` is one of the texts. */
export function checkOneOf(value: unknown, known: readonly string[], where: string): void {
  if (typeof value === 'string' && known.includes(value)) return
  const meant = typeof value === 'string' ? `"${value}"${hint(value, known)}` : named(value)
  throw new CostConfigError(`${where} is ${meant}; use ${known.join(', ')}`)
}

/** Throws a `config` error unless `value` is a text that is not empty. */
export function checkName(value: unknown, where: string): void {
  if (typeof value === 'string' && value !== '') return
  throw new CostConfigError(`${where} is ${value === '' ? 'empty' : named(value)}; give a text`)
}

function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  // Plain objects of another realm have a prototype of their own.
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

function hint(name: string, known: readonly string[]): string {
  const meant = nearest(name, known)
  return meant === undefined ? '' : ` (did you mean "${meant}"?)`
}

function named(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object of a class' : `a ${typeof value}`
}
