import { LLMError, type ToolCallPart } from '@wayfare/core'
import { parseJSON } from './json.ts'

/** A piece of a tool call as wires send it; everything but the text may be missing. */
export interface ToolCallDelta {
  readonly index?: number | undefined
  readonly id?: string | undefined
  readonly name?: string | undefined
  readonly rawInput: string
}

interface OpenCall {
  readonly index: number
  id: string
  name: string
  pieces: string[]
  bytes: number
}

const MAX_CALLS = 128
const MAX_INPUT = 8 * 1024 * 1024

/**
 * Puts tool calls together that arrive in pieces. Wires differ: indexes may be missing or always 0, ids missing or repeated,
 * the name may come late or again and again.
 */
export class ToolCallAssembly {
  readonly #calls: OpenCall[] = []
  readonly #seed: string

  /** The seed makes the ids of calls that come without one; default: random. */
  constructor(seed: string = crypto.randomUUID().slice(0, 8)) {
    // Vendors limit the length of ids, and their characters.
    this.#seed = seed.replace(/\W/g, '').slice(-24)
  }

  get size(): number {
    return this.#calls.length
  }

  /** Throws `protocol` for an index that cannot be one, `response_too_large` for input beyond 8 MiB. */
  add(delta: ToolCallDelta): void {
    const call = this.#find(delta) ?? this.#open(delta)
    if (delta.id && call.id === '') call.id = delta.id
    if (delta.name) call.name = delta.name
    if (delta.rawInput === '') return
    call.pieces.push(delta.rawInput)
    call.bytes += delta.rawInput.length
    if (call.bytes > MAX_INPUT)
      throw new LLMError('response_too_large', 'the input of a tool call is larger than 8 MiB')
  }

  /** The calls in the order of their indexes. Input that is not JSON makes a call `invalid`, with `{}` as its input. */
  finish(): ToolCallPart[] {
    const ids = new Set<string>()
    return this.#calls
      .toSorted((a, b) => a.index - b.index)
      .map((call, at): ToolCallPart => {
        const id = unused(call.id === '' ? `call_${this.#seed}_${at}` : call.id, ids)
        ids.add(id)
        const rawInput = call.pieces.join('')
        return { type: 'tool_call', id, name: call.name, rawInput, ...read(rawInput) }
      })
  }

  #find(delta: ToolCallDelta): OpenCall | undefined {
    const { index, id } = delta
    const call =
      index !== undefined
        ? this.#calls.findLast((one) => one.index === index)
        : id
          ? this.#calls.findLast((one) => one.id === id)
          : this.#calls.at(-1)
    return call === undefined || beginsAnother(delta, call) ? undefined : call
  }

  #open(delta: ToolCallDelta): OpenCall {
    const last = this.#calls.at(-1)
    const index = delta.index ?? (last === undefined ? 0 : Math.floor(last.index) + 1)
    if (!Number.isInteger(index) || index < 0 || index > 1_000_000 || this.#calls.length >= MAX_CALLS) {
      throw new LLMError('protocol', 'the server numbered a tool call impossibly or made more than 128', {
        phase: 'output',
        retryable: false,
      })
    }
    const call: OpenCall = { index, id: delta.id ?? '', name: '', pieces: [], bytes: 0 }
    this.#calls.push(call)
    return call
  }
}

/** Whether a piece that seems to belong to a call begins the next one. */
function beginsAnother({ id, name, rawInput }: ToolCallDelta, call: OpenCall): boolean {
  if (!name || call.name === '') return false
  if (id && call.id !== '' && id !== call.id) return true
  if (id && id === call.id && name === call.name) return false
  return name !== call.name || (rawInput !== '' && isComplete(call))
}

function isComplete(call: OpenCall): boolean {
  return call.pieces.at(-1)?.trimEnd().endsWith('}') === true && !('invalid' in read(call.pieces.join('')))
}

function read(rawInput: string): { input: unknown; invalid?: true } {
  if (rawInput.trim() === '') return { input: {} }
  try {
    return { input: parseJSON(rawInput) }
  } catch {
    return { input: {}, invalid: true }
  }
}

function unused(id: string, ids: ReadonlySet<string>): string {
  if (!ids.has(id)) return id
  for (let n = 2; ; n++) if (!ids.has(`${id}_${n}`)) return `${id}_${n}`
}
