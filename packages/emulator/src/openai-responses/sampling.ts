import type { CheckedRequest, Rule, Violation } from '../rule.ts'
import { isRecord, items, text } from '../narrow.ts'

const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']

/** Values at which a sampling field says nothing. */
const neutral: Readonly<Record<string, unknown>> = { temperature: 1, top_p: 1, top_logprobs: 0 }

export const samplingRules: readonly Rule[] = [
  {
    name: 'temperature_range',
    check: ({ body }) => {
      const temperature = Number(body['temperature'] ?? 1)
      if (temperature >= 0 && temperature <= 2) return undefined
      return { message: "Invalid 'temperature': expected a value from 0 to 2.", param: 'temperature' }
    },
  },
  {
    name: 'max_output_tokens',
    check: ({ body }) => {
      const most = Number(body['max_output_tokens'] ?? 16)
      if (most >= 16) return undefined
      return {
        message: `Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got ${most} instead.`,
        param: 'max_output_tokens',
      }
    },
  },
  {
    name: 'reasoning_effort',
    check: (request) => {
      const effort = effortOf(request)
      if (effort === '') return undefined
      if (/^(gpt-[34]|chatgpt)/.test(request.model)) return unsupported('reasoning.effort', request.model)
      if (efforts.includes(effort)) return undefined
      return {
        message: `Invalid value: '${effort}'. Supported values are: ${efforts.join(', ')}.`,
        param: 'reasoning.effort',
      }
    },
  },
  {
    name: 'encrypted_content',
    check: ({ body, model }) =>
      /^(gpt-[34]|chatgpt)/.test(model) && items(body['include']).includes('reasoning.encrypted_content')
        ? { message: 'Encrypted content is not supported with this model.', param: 'include' }
        : undefined,
  },
  {
    name: 'rejected_sampling',
    check: (request) => {
      if (!reasons(request.model) || effortOf(request) === 'none') return undefined
      const field = Object.keys(neutral).find((name) => {
        const value = request.body[name] ?? null
        return value !== null && value !== neutral[name]
      })
      return field === undefined ? undefined : unsupported(field, request.model)
    },
  },
]

function effortOf({ body }: CheckedRequest): string {
  return isRecord(body['reasoning']) ? text(body['reasoning']['effort']) : ''
}

/** The families that reason: o1, o3-mini, gpt-5, gpt-5.6-luna, gpt-6. */
function reasons(model: string): boolean {
  return /^(o\d|gpt-[56])/.test(model) && !model.includes('-chat')
}

function unsupported(field: string, model: string): Violation {
  return { message: `Unsupported parameter: '${field}' is not supported with this model (${model}).`, param: field }
}
