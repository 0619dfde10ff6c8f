import type { CheckedRequest, Rule } from '../rule.ts'
import { isRecord, text } from '../narrow.ts'
import { adaptiveOnly, alwaysThinks, familyOf, fixesSampling, refusesForcedTools } from './family.ts'

const samplers = ['temperature', 'top_p', 'top_k']
const thinkingTypes = ['enabled', 'disabled', 'adaptive', 'between_tools']
const efforts = ['low', 'medium', 'high', 'xhigh', 'max']

export const samplingRules: readonly Rule[] = [
  {
    name: 'max_tokens',
    check: ({ body }) =>
      Number(body['max_tokens']) < 1
        ? { message: 'max_tokens: Input should be greater than or equal to 1' }
        : undefined,
  },
  {
    name: 'temperature_range',
    check: ({ body }) => {
      const temperature = Number(body['temperature'] ?? 1)
      return temperature < 0 || temperature > 1 ? { message: 'temperature: range: 0..1' } : undefined
    },
  },
  {
    name: 'temperature_and_top_p',
    check: ({ body }) =>
      isSet(body['temperature']) && isSet(body['top_p'])
        ? { message: '`temperature` and `top_p` cannot both be specified for this model. Please use only one.' }
        : undefined,
  },
  {
    name: 'rejected_sampling',
    check: ({ body, model }) => {
      const field = samplers.find((name) => isSet(body[name]))
      if (field === undefined || !fixesSampling(familyOf(model))) return undefined
      return { message: `\`${field}\` is deprecated for this model.` }
    },
  },
  {
    name: 'sampling_with_thinking',
    check: (request) => {
      const field = samplers.find((name) => isSet(request.body[name]))
      if (field === undefined || !['enabled', 'adaptive'].includes(thinkingOf(request))) return undefined
      if (field === 'temperature' && request.body[field] === 1) return undefined
      return { message: `\`${field}\` may not be set when thinking is enabled.` }
    },
  },
  {
    name: 'thinking_type',
    check: (request) => {
      const type = thinkingOf(request)
      if (type === '' || thinkingTypes.includes(type)) return undefined
      return { message: `thinking: Input tag '${type}' does not match any of: ${thinkingTypes.join(', ')}` }
    },
  },
  {
    name: 'thinking_mode',
    check: (request) => {
      const type = thinkingOf(request)
      const family = familyOf(request.model)
      const refused =
        (type === 'enabled' && adaptiveOnly(family)) ||
        (type === 'disabled' && alwaysThinks(family)) ||
        (type === 'between_tools' && !(family?.line === 'sonnet' && family.version >= 5.5))
      return refused ? { message: `thinking.type: \`${type}\` is not supported for this model.` } : undefined
    },
  },
  { name: 'thinking_budget', check: budgetViolation },
  {
    name: 'effort',
    check: ({ body }) => {
      const effort = effortOf(body)
      if (effort === '' || efforts.includes(effort)) return undefined
      return { message: `output_config.effort: Input should be ${efforts.map((name) => `'${name}'`).join(', ')}` }
    },
  },
  {
    name: 'effort_without_thinking',
    check: (request) =>
      thinkingOf(request) === 'disabled' && ['xhigh', 'max'].includes(effortOf(request.body))
        ? { message: 'output_config.effort: `xhigh` and `max` need thinking' }
        : undefined,
  },
  {
    name: 'forced_tool',
    check: (request) => {
      const choice = request.body['tool_choice']
      if (!isRecord(choice) || !['any', 'tool'].includes(text(choice['type']))) return undefined
      if (thinkingOf(request) === 'enabled')
        return { message: 'Thinking may not be enabled when tool_choice forces tool use.' }
      if (!refusesForcedTools(familyOf(request.model))) return undefined
      return { message: 'tool_choice: this model does not support forced tool use.' }
    },
  },
]

function budgetViolation({ body }: CheckedRequest): { message: string } | undefined {
  const thinking = body['thinking']
  if (!isRecord(thinking) || thinking['type'] !== 'enabled') return undefined
  const budget = thinking['budget_tokens']
  if (typeof budget !== 'number') return { message: 'thinking.enabled.budget_tokens: Field required' }
  if (budget < 1024) return { message: 'thinking.enabled.budget_tokens: Input should be greater than or equal to 1024' }
  if (budget >= Number(body['max_tokens']))
    return { message: '`max_tokens` must be greater than `thinking.budget_tokens`.' }
  return undefined
}

function thinkingOf({ body }: CheckedRequest): string {
  return isRecord(body['thinking']) ? text(body['thinking']['type']) : ''
}

function effortOf(body: Readonly<Record<string, unknown>>): string {
  return isRecord(body['output_config']) ? text(body['output_config']['effort']) : ''
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null
}
