import { LLMError } from '@wayfare/core'
import { z } from 'zod'
import type { LLMOptions } from './create.ts'

const usd = z.number().min(0)
const Limits = z.strictObject({
  soft: usd.optional(),
  hard: usd.optional(),
  window: z.enum(['total', 'day', 'week', 'month']).optional(),
})
const byName = z.record(z.string(), Limits)

const trigger = z.enum(['error', 'rate_limit', 'timeout', 'overloaded', 'context_length', 'content_filter'])
const waiting = z.enum(['error', 'rate_limit', 'timeout', 'overloaded'])
const some = <T extends z.ZodType>(one: T) => z.union([one, z.tuple([one], one)])
const toProvider = z.object({
  action: z.literal('switch_provider'),
  provider: z.string(),
  model: z.string().optional(),
})
const toModel = z.object({ action: z.literal('switch_model'), model: z.string() })
const wait = z.object({
  action: z.literal('wait_and_retry'),
  maxRetries: z.number().int().min(0).optional(),
  backoff: z.enum(['exponential', 'constant']).optional(),
})
const funds = z.object({ trigger: z.literal('low_funds'), threshold: usd.optional() })
const limit = z.object({ trigger: z.literal('cost_limit'), limit: z.enum(['soft', 'hard']) })
const failure = z.object({ trigger: some(trigger) })

const Rule = z.union([
  z.string(),
  z.strictObject({ ...failure.shape, ...toProvider.shape }),
  z.strictObject({ ...failure.shape, ...toModel.shape }),
  z.strictObject({ trigger: some(waiting), ...wait.shape }),
  z.strictObject({ ...funds.shape, ...toProvider.shape }),
  z.strictObject({ ...funds.shape, ...toModel.shape }),
  z.strictObject({ ...limit.shape, ...toProvider.shape }),
  z.strictObject({ ...limit.shape, ...toModel.shape }),
])

/** What can be said in JSON of the options of `createLLM`. */
const Options = z.strictObject({
  model: z.string().optional(),
  system: z.string().optional(),
  session: z.string().optional(),
  agent: z.string().optional(),
  tags: z.record(z.string(), z.string()).optional(),
  maxOutputTokens: z.number().int().positive().optional(),
  temperature: z.number().min(0).optional(),
  timeout: z.number().positive().optional(),
  fallbacks: z.array(Rule).optional(),
  limits: z
    .strictObject({
      global: Limits.optional(),
      session: Limits.optional(),
      sessions: byName.optional(),
      agent: Limits.optional(),
      agents: z.record(z.string(), Limits.extend({ session: Limits.optional() })).optional(),
      providers: byName.optional(),
      models: byName.optional(),
      tags: z.record(z.string(), byName).optional(),
    })
    .optional(),
  onBudget: z.enum(['reject', 'wait', 'shrink']).optional(),
})

/** `WAYFARE_OPTIONS` (JSON) and `WAYFARE_MODEL`, which goes before it. Throws `config`, naming the variable and the field. */
export function readEnvironment(env: { readonly [name: string]: string | undefined }): Partial<LLMOptions> {
  const text = env['WAYFARE_OPTIONS'] ?? ''
  const options = text.trim() === '' ? {} : read(text)
  const model = (env['WAYFARE_MODEL'] ?? '').trim()
  return model === '' ? options : { ...options, model }
}

function read(text: string): Partial<LLMOptions> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new LLMError('config', 'WAYFARE_OPTIONS is not valid JSON')
  }
  const parsed = Options.safeParse(value)
  if (parsed.success) return parsed.data as Partial<LLMOptions> // the schema above is a part of those options
  const issue = parsed.error.issues[0]!
  throw new LLMError('config', `WAYFARE_OPTIONS: ${issue.path.join('.') || 'the whole'}: ${issue.message}`)
}
