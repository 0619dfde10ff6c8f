import type { Rule, Violation } from '../rule.ts'
import type { Part } from './parts.ts'
import { first } from '../first.ts'
import { isBase64, isRecord, items } from '../narrow.ts'
import { contentsOf, functionsOf } from './parts.ts'

/** A part has exactly one of these. */
const kinds = [
  'text',
  'inlineData',
  'fileData',
  'functionCall',
  'functionResponse',
  'executableCode',
  'codeExecutionResult',
  'toolCall',
  'toolResponse',
]

export const historyRules: readonly Rule[] = [
  {
    name: 'empty_contents',
    check: ({ body }) =>
      contentsOf(body).length === 0
        ? { message: '* GenerateContentRequest.contents: contents is not specified' }
        : undefined,
  },
  { name: 'role', check: ({ body }) => first(contentsOf(body), roleViolation) },
  {
    name: 'empty_parts',
    check: ({ body }) =>
      first(contentsOf(body), (content, index) =>
        isRecord(content) && items(content['parts']).length > 0
          ? undefined
          : { message: `* GenerateContentRequest.contents[${index}].parts: contents.parts must not be empty.` },
      ),
  },
  {
    name: 'part',
    check: ({ body }) =>
      first(contentsOf(body), (content, index) =>
        first(isRecord(content) ? items(content['parts']) : [], (part, at) => partViolation(part, index, at)),
      ),
  },
  {
    name: 'function_args',
    check: ({ body }) =>
      first(contentsOf(body), (content, index) =>
        functionsOf(content, 'functionCall').every(({ args }) => args === undefined || isRecord(args))
          ? undefined
          : { message: `Invalid value at 'contents[${index}].parts.function_call.args' (type.googleapis.com/Struct)` },
      ),
  },
  {
    name: 'function_response',
    check: ({ body }) =>
      first(contentsOf(body), (content, index) =>
        functionsOf(content, 'functionResponse').every(({ response }) => isRecord(response))
          ? undefined
          : {
              message: `Invalid value at 'contents[${index}].parts.function_response.response' (type.googleapis.com/Struct)`,
            },
      ),
  },
]

function roleViolation(content: unknown): Violation | undefined {
  const role = isRecord(content) ? content['role'] : undefined
  if (role === 'user' || role === 'model') return undefined
  return { message: 'Please use a valid role: user, model.' }
}

function partViolation(part: unknown, content: number, index: number): Violation | undefined {
  const path = `contents[${content}].parts[${index}]`
  const present = isRecord(part) ? kinds.filter((kind) => part[kind] !== undefined) : []
  if (!isRecord(part) || present.length !== 1) {
    return {
      message: `* GenerateContentRequest.${path}.data: required oneof field 'data' must have one initialized field`,
    }
  }
  return dataViolation(part, path)
}

function dataViolation(part: Part, path: string): Violation | undefined {
  const data = part['inlineData']
  if (!isRecord(data)) return undefined
  if (typeof data['mimeType'] !== 'string') return { message: `${path}.inline_data: mime_type is not specified` }
  if (isBase64(data['data'])) return undefined
  return { message: `Invalid value at '${path}.inline_data.data' (TYPE_BYTES), Base64 decoding failed` }
}
