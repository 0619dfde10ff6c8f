import type { CheckedRequest, Rule, Violation } from '../rule.ts'
import { isRecord, records, text } from '../narrow.ts'

const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh']

/** Values at which a sampling field says nothing. */
const neutral: Readonly<Record<string, unknown>> = {
  temperature: 1,
  top_p: 1,
  presence_penalty: 0,
  frequency_penalty: 0,
  logprobs: false,
}

export const samplingRules: readonly Rule[] = [
  {
    name: 'stream_options',
    check: ({ body }) =>
      isRecord(body['stream_options']) && body['stream'] !== true
        ? {
            message: "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
            param: 'stream_options',
          }
        : undefined,
  },
  {
    name: 'temperature_range',
    check: ({ body }) => {
      const temperature = Number(body['temperature'] ?? 1)
      if (temperature >= 0 && temperature <= 2) return undefined
      return { message: "Invalid 'temperature': expected a value from 0 to 2.", param: 'temperature' }
    },
  },
  {
    name: 'reasoning_effort',
    check: ({ body, model }) => {
      const effort = text(body['reasoning_effort'])
      if (effort === '') return undefined
      if (/^(gpt-[34]|chatgpt)/.test(model)) return unsupported('reasoning_effort', model)
      if (efforts.includes(effort)) return undefined
      return {
        message: `Invalid value: '${effort}'. Supported values are: ${efforts.join(', ')}.`,
        param: 'reasoning_effort',
      }
    },
  },
  {
    name: 'max_tokens',
    check: ({ body, model }) =>
      reasons(model) && (body['max_tokens'] ?? null) !== null
        ? {
            message:
              "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
            param: 'max_tokens',
          }
        : undefined,
  },
  {
    name: 'rejected_sampling',
    check: (request) => {
      if (!reasoningOn(request)) return undefined
      const field = Object.keys(neutral).find((name) => {
        const value = request.body[name] ?? null
        return value !== null && value !== neutral[name]
      })
      return field === undefined ? undefined : unsupported(field, request.model)
    },
  },
  {
    name: 'tools_with_reasoning',
    check: (request) => {
      const version = Number(/^gpt-(\d+(?:\.\d+)?)/.exec(request.model)?.[1] ?? 0)
      const functions = records(request.body['tools']).some((tool) => tool['type'] === 'function')
      if (!functions || version < 5.6 || version >= 6 || !reasoningOn(request)) return undefined
      return {
        message:
          "Function tools with reasoning are not supported for this model in /v1/chat/completions. Set 'reasoning_effort' to 'none' or use /v1/responses.",
        param: 'reasoning_effort',
      }
    },
  },
]

/** The families that reason: o1, o3-mini, gpt-5, gpt-5.6-luna, gpt-6. */
function reasons(model: string): boolean {
  return /^(o\d|gpt-[56])/.test(model) && !model.includes('-chat')
}

function reasoningOn({ body, model }: CheckedRequest): boolean {
  return reasons(model) && body['reasoning_effort'] !== 'none'
}

function unsupported(field: string, model: string): Violation {
  return { message: `Unsupported parameter: '${field}' is not supported with this model (${model}).`, param: field }
}
