import type { Message } from './contract/message.ts'
import { LLMError } from './error.ts'
import { isObject } from './is-object.ts'

type Role = Message['role']

const known: Readonly<Record<Role, readonly string[]>> = {
  system: ['text'],
  user: ['text', 'file'],
  assistant: ['text', 'reasoning', 'tool_call', 'file', 'provider'],
  tool: ['tool_result'],
}

type Part = { readonly [key: string]: unknown }

export function isRole(value: unknown): value is Role {
  return typeof value === 'string' && Object.hasOwn(known, value)
}

/** Throws `config` for a part that no provider could send. `where` is its place, such as `messages[0].content[1]`. */
export function checkPart(part: unknown, role: Role, where: string): void {
  const problem = isObject(part) ? problemOf(part, role) : `must be a part, such as { type: '${known[role][0]}', ... }`
  if (problem !== undefined) throw new LLMError('config', `${where} ${problem}`)
}

/** Whether a value is parts that a tool may answer with, and not some list of the tool's own. */
export function isOutputParts(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((part) => isObject(part) && isOutputPart(part))
}

export function isTextPart(value: unknown): boolean {
  return isObject(value) && value['type'] === 'text' && typeof value['text'] === 'string'
}

function problemOf(part: Part, role: Role): string | undefined {
  const { type } = part
  if (typeof type !== 'string' || !known[role].includes(type)) {
    return `must be of a type that a ${role} message may hold: ${known[role].join(', ')}`
  }
  if (type === 'file') return fileProblem(part)
  if (type === 'tool_result') return strings(part, ['id', 'name']) ?? outputProblem(part['output'])
  return strings(part, stringsOf[type] ?? [])
}

const stringsOf: Readonly<Record<string, readonly string[]>> = {
  text: ['text'],
  reasoning: ['text'],
  tool_call: ['id', 'name', 'rawInput'],
  provider: ['vendor', 'kind'],
}

function strings(part: Part, names: readonly string[]): string | undefined {
  const name = names.find((each) => typeof part[each] !== 'string')
  return name === undefined ? undefined : `is a ${String(part['type'])} part, whose ${name} must be a string`
}

function outputProblem(output: unknown): string | undefined {
  if (typeof output === 'string') return undefined
  if (!Array.isArray(output)) return 'needs an output that is a string or a list of parts, as toolResult() makes it'
  for (const [index, part] of output.entries()) {
    const problem = isObject(part) ? problemOf(part, 'user') : 'must be a text or a file part'
    if (problem !== undefined) return `has a wrong output: its part ${index} ${problem}`
  }
  return undefined
}

function fileProblem({ mediaType, data, url }: Part): string | undefined {
  if (typeof mediaType !== 'string' || mediaType === '') return 'needs a mediaType, such as "image/png"'
  if ((data === undefined) === (url === undefined)) return 'is a file that needs exactly one of data and url'
  if (data !== undefined) return dataProblem(data)
  if (url instanceof URL || (typeof url === 'string' && URL.canParse(url))) return undefined
  return 'is a file whose url must be a URL, such as "https://example.com/a.png"'
}

function dataProblem(data: unknown): string | undefined {
  if (data instanceof Uint8Array) return data.length > 0 ? undefined : 'is a file without a byte'
  if (typeof data !== 'string') {
    return 'is a file whose data must be a Uint8Array or base64; bytes do not survive JSON, so keep base64 there'
  }
  if (data === '') return 'is a file without a byte'
  if (data.startsWith('data:'))
    return 'is a file whose data is a data: URL; give what follows the comma, or pass it as url'
  // One pass, and no backtracking however long it is.
  return /[^A-Za-z0-9+/=_\s-]/.test(data) ? 'is a file whose data is no base64; pass bytes as a Uint8Array' : undefined
}

function isOutputPart(part: Part): boolean {
  if (part['type'] === 'text') return typeof part['text'] === 'string'
  return part['type'] === 'file' && fileProblem(part) === undefined
}
