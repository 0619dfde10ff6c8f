import { LLMError } from '@wayfare/core'
import { z } from 'zod'
import type { LLMOptions } from './create.ts'

const texts = z.record(z.string(), z.string())
const model = z.union([z.string(), z.object({ provider: z.string(), model: z.string() })])
const object = z.record(z.string(), z.unknown())

/**
 * The options of `createLLM` that JSON can say, by the kind of JSON value. What the values mean, and whether they can be right,
 * `createLLM` knows.
 */
const Options = z.strictObject({
  model: model.optional(),
  alternatives: z.array(model).optional(),
  order: z.union([z.string(), object]).optional(),
  affinity: object.optional(),
  hedge: object.optional(),
  system: z.union([z.string(), z.array(object)]).optional(),
  session: z.string().optional(),
  agent: z.string().optional(),
  tags: texts.optional(),
  maxOutputTokens: z.number().optional(),
  temperature: z.number().optional(),
  topP: z.number().optional(),
  seed: z.number().optional(),
  stop: z.array(z.string()).optional(),
  reasoning: z.union([z.string(), object]).optional(),
  toolChoice: z.union([z.string(), object]).optional(),
  timeout: z.union([z.number(), object]).optional(),
  fallbacks: z.array(z.union([z.string(), object])).optional(),
  onInterrupt: z.enum(['reset', 'fail', 'continue']).optional(),
  stream: z.boolean().optional(),
  providerOptions: z.record(z.string(), object).optional(),
  limits: object.optional(),
  onBudget: z.string().optional(),
  allowUnpriced: z.boolean().optional(),
  timeZone: z.string().optional(),
})

/** `WAYFARE_OPTIONS` (JSON), and `WAYFARE_MODEL`, which goes before the model in it. */
export interface Environment {
  readonly options: Partial<LLMOptions>
  readonly model?: string
}

/** Throws `config`, naming the variable and the field, for what is no JSON or of the wrong kind. */
export function readEnvironment(env: { readonly [name: string]: string | undefined }): Environment {
  const text = env['WAYFARE_OPTIONS'] ?? ''
  const options = text.trim() === '' ? {} : read(text)
  const model = (env['WAYFARE_MODEL'] ?? '').trim()
  return model === '' ? { options } : { options, model }
}

function read(text: string): Partial<LLMOptions> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new LLMError('config', 'WAYFARE_OPTIONS is not valid JSON')
  }
  const parsed = Options.safeParse(value)
  // The kinds of the values are right; createLLM refuses the values that are not.
  if (parsed.success) return parsed.data as Partial<LLMOptions>
  const issue = parsed.error.issues[0]!
  throw new LLMError('config', `WAYFARE_OPTIONS: ${issue.path.join('.') || 'the whole'}: ${issue.message}`)
}
