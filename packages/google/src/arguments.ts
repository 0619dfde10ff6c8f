import { LLMError } from '@wayfare/core'
import { isRecord } from '@wayfare/provider-kit'

type Container = Record<string, unknown> | unknown[]

/** Deeper or longer than any honest call. */
const maxDepth = 128
const maxIndex = 100_000

/**
 * Arguments that arrive in pieces, each with the JSON path of its place. A string may be continued by later pieces of the
 * same path. Throws `protocol` for a path that cannot be followed.
 */
export class PartialArguments {
  readonly #root: Record<string, unknown> = bare()
  #continued: string | undefined

  add(piece: unknown): void {
    if (!isRecord(piece) || typeof piece['jsonPath'] !== 'string') return
    const path = piece['jsonPath']
    const value = valueOf(piece)
    if (value === undefined) return
    this.#set(steps(path), value, path === this.#continued)
    this.#continued = piece['willContinue'] === true ? path : undefined
  }

  /** Merges arguments that came whole. */
  merge(whole: unknown): void {
    if (isRecord(whole)) for (const [key, value] of Object.entries(whole)) this.#root[key] = value
  }

  value(): Readonly<Record<string, unknown>> {
    return this.#root
  }

  #set(path: readonly (string | number)[], value: unknown, continues: boolean): void {
    let at: Container = this.#root
    for (const [depth, step] of path.entries()) {
      const last = depth === path.length - 1
      const known = get(at, step)
      if (last) put(at, step, continues && typeof known === 'string' ? known + String(value) : value)
      else at = descend(at, step, known, path[depth + 1])
    }
  }
}

function valueOf(piece: Readonly<Record<string, unknown>>): unknown {
  if ('nullValue' in piece) return null
  return piece['stringValue'] ?? piece['numberValue'] ?? piece['boolValue']
}

/** `$.a.b[0]['c d']` as its steps. */
function steps(path: string): readonly (string | number)[] {
  const found = [...path.matchAll(/\.([^.[\]]+)|\[(\d+)\]|\['([^']*)'\]|\["([^"]*)"\]/g)]
  const length = found.reduce((sum, [whole]) => sum + whole.length, 1)
  if (!path.startsWith('$') || found.length === 0 || length !== path.length || found.length > maxDepth)
    throw unreadable()
  return found.map(([, plain, index, single, double]) => {
    const step = index === undefined ? (plain ?? single ?? double ?? '') : Number(index)
    if (step === '__proto__' || Number(index) > maxIndex) throw unreadable()
    return step
  })
}

function descend(at: Container, step: string | number, known: unknown, next: string | number | undefined): Container {
  if (isRecord(known) || Array.isArray(known)) return known
  const made = typeof next === 'number' ? [] : bare()
  put(at, step, made)
  return made
}

function get(at: Container, step: string | number): unknown {
  if (Array.isArray(at)) return typeof step === 'number' ? at[step] : undefined
  return Object.hasOwn(at, step) ? at[step] : undefined
}

function put(at: Container, step: string | number, value: unknown): void {
  if (Array.isArray(at)) {
    if (typeof step !== 'number') throw unreadable()
    at[step] = value
  } else at[step] = value
}

/** Without a prototype, so that every name is an ordinary key. */
function bare(): Record<string, unknown> {
  return Object.create(null) as Record<string, unknown> // Object.create is typed as any
}

function unreadable(): LLMError {
  return new LLMError('protocol', 'the arguments of a function call came with a path that cannot be followed')
}
