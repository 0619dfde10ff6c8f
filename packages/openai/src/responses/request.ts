import { LLMError, type ProviderRequest, type Warning } from '@wayfare/core'
import { roundEffort } from '@wayfare/openai-compatible'
import { isRecord, portable } from '@wayfare/provider-kit'
import { efforts, isReasoningModel } from '../reasoning-models.ts'
import { allowed } from '../reserved.ts'
import { historyRules, inputItems } from './history.ts'
import { adaptSchema } from './schema.ts'
import { checkRoot, loosened, toolFields } from './tools.ts'
import type { Wire } from './wire.ts'

export interface BuiltRequest {
  readonly body: Wire
  readonly warnings: readonly Warning[]
}

/**
 * The request as the Responses API wants it. Nothing is stored at the vendor unless asked for: encrypted reasoning comes along
 * instead. Options of the vendor pass into the body and win, but not over what the budget was reserved for: model, input,
 * streaming and the output limit stay. Throws `unsupported` for what this API cannot do, `config` for options that ask for several answers or one in the background.
 */
export function buildRequest(request: ProviderRequest, provider: string): BuiltRequest {
  const { model, stream, maxOutputTokens } = request
  const options = split(request, provider)
  checkLimits(request, provider)
  const reasons = isReasoningModel(model)
  const history = portable(request.messages, historyRules)
  const stored = options.rest['store'] === true
  const input = inputItems(history.messages, { provider, systemRole: reasons ? 'developer' : 'system', stored })
  const reasoning = reasoningOf(request, options.reasoning)
  const sampling = samplingOf(request, reasons && reasoning.field?.['effort'] !== 'none')
  const tools = toolFields(request, options.tools, provider)
  const text = textOf(request, options, provider)
  // Models that do not reason refuse to be asked; of an unknown one, a call that sets its reasoning says that it does.
  const thinks = reasons || (reasoning.field !== undefined && reasoning.field['effort'] !== 'none')
  const include = [...(thinks ? ['reasoning.encrypted_content'] : []), ...options.include]
  return {
    body: {
      ...tools.fields,
      ...(reasoning.field !== undefined && { reasoning: reasoning.field }),
      ...(text.field !== undefined && { text: text.field }),
      ...sampling.fields,
      store: false,
      ...(include.length > 0 && { include: [...new Set(include)] }),
      ...options.rest,
      model,
      input: input.items,
      ...(maxOutputTokens !== undefined && { max_output_tokens: maxOutputTokens }),
      stream,
    },
    warnings: [
      ...history.warnings,
      ...input.warnings,
      ...reasoning.warnings,
      ...sampling.warnings,
      ...tools.warnings,
      ...text.warnings,
    ],
  }
}

interface SplitOptions {
  readonly tools: readonly unknown[]
  readonly include: readonly unknown[]
  readonly reasoning: Wire
  readonly text: Wire
  /** Sent as they stand. */
  readonly rest: Wire
}

/** The vendor's own options, those apart that are joined with what the call says. */
function split({ options: all = {}, maxOutputTokens }: ProviderRequest, provider: string): SplitOptions {
  const options = allowed(all, provider, maxOutputTokens !== undefined)
  const { tools, include, reasoning, text, verbosity, ...more } = options
  return {
    tools: Array.isArray(tools) ? tools : [],
    include: Array.isArray(include) ? include : [],
    reasoning: isRecord(reasoning) ? reasoning : {},
    text: { ...(verbosity !== undefined && { verbosity }), ...(isRecord(text) && text) },
    rest: more,
  }
}

/** The least that the API takes as a limit of the output. */
const leastOutput = 16

/** What the answer would be wrong without. */
function checkLimits({ stop, maxOutputTokens }: ProviderRequest, provider: string): void {
  if (stop !== undefined && stop.length > 0) {
    const message = "the Responses API has no stop sequences; leave stop out, or make the provider with api: 'chat'"
    throw new LLMError('unsupported', message, { provider })
  }
  // To send more would spend more than was reserved.
  if (maxOutputTokens !== undefined && maxOutputTokens < leastOutput) {
    const message = `the Responses API takes no maxOutputTokens below ${leastOutput}; raise it`
    throw new LLMError('unsupported', message, { provider })
  }
}

function reasoningOf(
  { reasoning: wish, model }: ProviderRequest,
  extra: Wire,
): { readonly field?: Wire; readonly warnings: readonly Warning[] } {
  const { effort, warnings } =
    wish === undefined ? { effort: undefined, warnings: [] } : roundEffort(wish, model, efforts(model, 'responses'))
  const field = { ...(effort !== undefined && { effort }), ...extra }
  return Object.keys(field).length > 0 ? { field, warnings } : { warnings }
}

function samplingOf(
  { temperature, topP, seed, model }: ProviderRequest,
  thinks: boolean,
): { readonly fields: Wire; readonly warnings: readonly Warning[] } {
  const refused = [
    ...(temperature === undefined || !thinks ? [] : ['temperature']),
    ...(topP === undefined || !thinks ? [] : ['top_p']),
  ].map((field) => dropped(`${model} takes no ${field} while it reasons; it was left out`))
  return {
    fields: {
      ...(temperature !== undefined && !thinks && { temperature }),
      ...(topP !== undefined && !thinks && { top_p: topP }),
    },
    warnings: [
      ...refused,
      ...(seed === undefined ? [] : [dropped('the Responses API takes no seed; it was left out')]),
    ],
  }
}

function dropped(message: string): Warning {
  return { code: 'sampling_dropped', message }
}

function textOf(
  { output }: ProviderRequest,
  options: SplitOptions,
  provider: string,
): { readonly field?: Wire; readonly warnings: readonly Warning[] } {
  if (output === undefined) {
    return Object.keys(options.text).length > 0 ? { field: options.text, warnings: [] } : { warnings: [] }
  }
  checkRoot(output.schema, 'the output', provider)
  const adapted = adaptSchema(output.schema)
  const format = { type: 'json_schema', name: output.name, schema: adapted.schema, strict: adapted.strict }
  return {
    field: { ...options.text, format },
    warnings: [
      ...(adapted.strict ? [] : [notStrict]),
      ...(adapted.dropped.length > 0 ? [loosened('the output', adapted.dropped)] : []),
    ],
  }
}

const notStrict: Warning = {
  code: 'schema_not_strict',
  message:
    "the output's schema has optional properties, open objects or conditions, so that the vendor does not promise to obey it; make properties nullable instead",
}
