import type { Rule, Violation } from '../rule.ts'
import { typeOf } from '../field-table.ts'
import { first } from '../first.ts'
import { isRecord, items, records, text } from '../narrow.ts'

type Item = Readonly<Record<string, unknown>>

const roles = ['assistant', 'system', 'developer', 'user']
const inputParts = ['input_text', 'input_image', 'input_file']
const outputParts = ['output_text', 'refusal']
const calls = ['function_call', 'custom_tool_call']
const results = ['function_call_output', 'custom_tool_call_output']

/** How the ids of items begin, by their type. */
const prefixes: Readonly<Record<string, string>> = {
  message: 'msg',
  reasoning: 'rs',
  function_call: 'fc',
  custom_tool_call: 'ctc',
  web_search_call: 'ws',
  file_search_call: 'fs',
  code_interpreter_call: 'ci',
  image_generation_call: 'ig',
  mcp_call: 'mcp',
}

/** What the items of the input must look like. */
export const inputRules: readonly Rule[] = [
  {
    name: 'empty_input',
    check: ({ body }) =>
      Array.isArray(body['input']) && body['input'].length === 0
        ? { message: "Invalid 'input': empty array. Expected an array with minimum length 1.", param: 'input' }
        : undefined,
  },
  { name: 'item_type', check: ({ body }) => first(items(body['input']), typeViolation) },
  { name: 'content', check: ({ body }) => first(records(body['input']), contentViolation) },
  { name: 'item_id', check: ({ body }) => first(records(body['input']), idViolation) },
  { name: 'call_id', check: ({ body }) => first(records(body['input']), callIdViolation) },
  { name: 'call', check: ({ body }) => first(records(body['input']), callViolation) },
]

/** A message may go without its type. */
export function itemType(item: Item): string {
  return text(item['type']) || (item['role'] === undefined ? '' : 'message')
}

function typeViolation(item: unknown, index: number): Violation | undefined {
  const param = `input[${index}]`
  if (!isRecord(item)) {
    return { message: `Invalid type for '${param}': expected an object, but got ${typeOf(item)} instead.`, param }
  }
  const type = itemType(item)
  if (type === 'message') {
    if (roles.includes(text(item['role']))) return undefined
    const supported = roles.map((role) => `'${role}'`).join(', ')
    return {
      message: `Invalid value: '${text(item['role'])}'. Supported values are: ${supported}.`,
      param: `${param}.role`,
    }
  }
  if (/^(reasoning|item_reference|compaction|mcp_list_tools|mcp_approval_\w+|\w+_call|\w+_call_output)$/.test(type)) {
    return undefined
  }
  return {
    message: `Invalid value: '${type}'. Supported values are: 'message', 'reasoning', 'function_call' and others.`,
    param,
  }
}

function contentViolation(item: Item, index: number): Violation | undefined {
  const type = itemType(item)
  const field = results.includes(type) ? 'output' : 'content'
  if (type !== 'message' && field === 'content') return undefined
  const param = `input[${index}].${field}`
  const content = item[field] ?? null
  if (typeof content === 'string') return undefined
  if (!Array.isArray(content)) {
    return {
      message: `Invalid type for '${param}': expected a string or an array, but got ${typeOf(content)} instead.`,
      param,
    }
  }
  const allowed = item['role'] === 'assistant' ? outputParts : inputParts
  return first(items(content), (part, at) => partViolation(part, `${param}[${at}]`, allowed))
}

function partViolation(part: unknown, param: string, allowed: readonly string[]): Violation | undefined {
  const type = isRecord(part) ? text(part['type']) : ''
  if (!isRecord(part) || !allowed.includes(type)) {
    const supported = allowed.map((one) => `'${one}'`).join(', ')
    return { message: `Invalid value: '${type}'. Supported values are: ${supported}.`, param }
  }
  const needs = fields[type] ?? []
  if (needs.some((field) => typeof part[field] === 'string')) return undefined
  return { message: `Missing required parameter: '${param}.${needs[0] ?? 'text'}'.`, param }
}

/** The fields of which a part of each type has one. */
const fields: Readonly<Record<string, readonly string[]>> = {
  input_text: ['text'],
  output_text: ['text'],
  refusal: ['refusal'],
  input_image: ['image_url', 'file_id'],
  input_file: ['file_data', 'file_url', 'file_id'],
}

function idViolation(item: Item, index: number): Violation | undefined {
  const prefix = prefixes[itemType(item)]
  const id = item['id'] ?? null
  if (id === null || prefix === undefined || text(id).startsWith(prefix)) return undefined
  const param = `input[${index}].id`
  return { message: `Invalid '${param}': '${text(id)}'. Expected an ID that begins with '${prefix}'.`, param }
}

function callIdViolation(item: Item, index: number): Violation | undefined {
  if (![...calls, ...results].includes(itemType(item))) return undefined
  const param = `input[${index}].call_id`
  const id = text(item['call_id'])
  if (id === '') return { message: `Missing required parameter: '${param}'.`, param }
  if (id.length <= 64) return undefined
  return {
    message: `Invalid '${param}': string too long. Expected a string with maximum length 64, but got a string with length ${id.length} instead.`,
    param,
  }
}

function callViolation(item: Item, index: number): Violation | undefined {
  const type = itemType(item)
  if (!calls.includes(type)) return undefined
  const field = type === 'function_call' ? 'arguments' : 'input'
  if (!/^[a-zA-Z0-9_-]+$/.test(text(item['name']))) {
    const param = `input[${index}].name`
    return { message: `Invalid '${param}': string does not match pattern. Expected '^[a-zA-Z0-9_-]+$'.`, param }
  }
  if (typeof item[field] === 'string') return undefined
  const param = `input[${index}].${field}`
  return { message: `Invalid type for '${param}': expected a string, but got ${typeOf(item[field])} instead.`, param }
}
