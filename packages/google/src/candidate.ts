import type { AssistantPart, JSONValue, ProviderEvent } from '@wayfare/core'
import { isRecord } from '@wayfare/provider-kit'
import { PartialArguments } from './arguments.ts'
import { text } from './wire.ts'
import type { WirePart } from './wire.ts'

type RunType = 'text' | 'reasoning'

interface OpenCall {
  id: string | undefined
  name: string
  signature: string | undefined
  /** Set when the arguments are no object. */
  invalid: boolean
  readonly args: PartialArguments
}

/** Parts as they arrive, put together so that each thought signature stays on the part that it came on. */
export class Candidate {
  /** Complete tool calls handed out. */
  calls = 0
  #run: { readonly type: RunType; readonly pieces: string[] } | undefined
  #call: OpenCall | undefined
  readonly #ids = new Set<string>()
  readonly #madeId: (index: number) => string

  /** `madeId`: for a call without an id of its own. */
  constructor(madeId: (index: number) => string) {
    this.#madeId = madeId
  }

  /** Whether a call was begun and never finished. */
  get incomplete(): boolean {
    return this.#call !== undefined
  }

  /** `written`: the arguments of a call, as text. */
  add(part: WirePart, out: ProviderEvent[], written: () => string | undefined): void {
    if (isRecord(part['functionCall'])) return this.#functionCall(part['functionCall'], part, out, written)
    if (typeof part['text'] === 'string') return this.#text(part['text'], part, out)
    this.end(out)
    const made = otherPart(part)
    if (made === undefined) return
    if (made.type === 'provider' && made.kind !== 'codeExecutionResult')
      out.push({ type: 'side_effect', name: made.kind })
    out.push({ type: 'part', part: made })
  }

  /** Closes the run that is open. */
  end(out: ProviderEvent[]): void {
    const run = this.#run
    this.#run = undefined
    if (run === undefined) return
    const text = run.pieces.join('')
    // Thoughts bear the vendor's name even without a signature: they are not another vendor's.
    const part = run.type === 'text' ? { type: run.type, text } : { type: run.type, text, ...metadata({}) }
    out.push({ type: 'part', part })
  }

  #text(piece: string, part: WirePart, out: ProviderEvent[]): void {
    const type: RunType = part['thought'] === true ? 'reasoning' : 'text'
    const signature = text(part['thoughtSignature'])
    if (signature !== undefined) {
      // Never joined with its neighbours: it must go back as it came, even when its text is empty.
      this.end(out)
      out.push({ type: 'part', part: { type, text: piece, ...metadata({ thoughtSignature: signature }) } })
      return
    }
    if (piece === '') return
    if (this.#run?.type !== type) this.end(out)
    this.#run ??= { type, pieces: [] }
    this.#run.pieces.push(piece)
    out.push({ type: type === 'text' ? 'text_delta' : 'reasoning_delta', text: piece })
  }

  #functionCall(
    call: Readonly<Record<string, unknown>>,
    part: WirePart,
    out: ProviderEvent[],
    written: () => string | undefined,
  ): void {
    this.end(out)
    const name = text(call['name'])
    const begins = this.#call === undefined || (name !== undefined && name !== this.#call.name)
    const open = begins || this.#call === undefined ? newCall() : this.#call
    open.id ??= text(call['id'])
    open.name ||= name ?? ''
    open.signature = text(part['thoughtSignature']) ?? open.signature
    open.args.merge(call['args'])
    open.invalid ||= !isRecord(call['args'] ?? {})
    const pieces: readonly unknown[] = Array.isArray(call['partialArgs']) ? call['partialArgs'] : []
    for (const piece of pieces) open.args.add(piece)
    this.#call = call['willContinue'] === true ? open : undefined
    // Arguments in pieces stand nowhere as a whole.
    const rawInput = begins && pieces.length === 0 ? written() : undefined
    if (this.#call === undefined) out.push({ type: 'part', part: this.#toolCall(open, rawInput) })
  }

  #toolCall({ id: given, name, signature, invalid, args }: OpenCall, rawInput: string | undefined): AssistantPart {
    const id = given === undefined || this.#ids.has(given) ? this.#madeId(this.calls) : given
    this.#ids.add(id)
    this.calls++
    const facts = {
      ...(given !== undefined && { id: given }),
      ...(signature !== undefined && { thoughtSignature: signature }),
    }
    return {
      type: 'tool_call',
      id,
      name,
      input: args.value(),
      rawInput: rawInput ?? JSON.stringify(args.value()),
      ...(invalid && { invalid: true as const }),
      ...(Object.keys(facts).length > 0 && metadata(facts)),
    }
  }
}

function newCall(): OpenCall {
  return { id: undefined, name: '', signature: undefined, invalid: false, args: new PartialArguments() }
}

/** A file, or a block that only the vendor understands (executed code and its result). */
function otherPart(part: WirePart): AssistantPart | undefined {
  const inline = isRecord(part['inlineData']) ? part['inlineData'] : {}
  const mediaType = text(inline['mimeType'])
  const data = text(inline['data'])
  const signature = text(part['thoughtSignature'])
  if (mediaType !== undefined && data !== undefined)
    return { type: 'file', mediaType, data, ...(signature !== undefined && metadata({ thoughtSignature: signature })) }
  const kind = Object.keys(part).find((key) => isRecord(part[key]))
  // The value was parsed from JSON.
  return kind === undefined ? undefined : { type: 'provider', vendor: 'google', kind, value: part as JSONValue }
}

function metadata(facts: { readonly [key: string]: JSONValue }): {
  readonly providerMetadata: { readonly google: JSONValue }
} {
  return { providerMetadata: { google: facts } }
}
