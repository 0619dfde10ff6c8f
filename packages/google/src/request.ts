import { LLMError, type ProviderRequest, type Warning } from '@wayfare/core'
import { isRecord, portable } from '@wayfare/provider-kit'
import { familyOf } from './families.ts'
import type { Family } from './families.ts'
import { conversation, historyRules } from './history.ts'
import { chooseThinking } from './thinking.ts'
import type { WireContent, WirePart } from './wire.ts'

export interface BuiltRequest {
  readonly path: string
  readonly body: Readonly<Record<string, unknown>>
  readonly warnings: readonly Warning[]
}

/** The request as generateContent and streamGenerateContent want it. Throws `config` for options that ask for several answers. */
export function buildRequest(request: ProviderRequest): BuiltRequest {
  const family = familyOf(request.model)
  const history = portable(request.messages, historyRules)
  const { system, contents, warnings } = conversation(history.messages, family.signatures)
  const { thinkingConfig, generationConfig, generation_config, tools: vendorTools, ...rest } = request.options ?? {}

  const thinking = chooseThinking(request.reasoning, family)
  const merged = { ...thinking.config, ...fields(thinkingConfig) }
  const schema = schemaPlace(request, family)
  const generation = {
    ...sampling(request),
    ...schema.config,
    ...(Object.keys(merged).length > 0 && { thinkingConfig: merged }),
    // The API reads both spellings.
    ...vendorConfig({ ...fields(generation_config), ...fields(generationConfig) }, request.maxOutputTokens),
  }
  const instructions = [...system, ...schema.instructions]
  const tools = [...toolsOf(request), ...(Array.isArray(vendorTools) ? vendorTools : [])]
  const toolConfig = request.tools.length > 0 ? toolChoice(request.toolChoice) : undefined
  return {
    path: pathOf(request),
    body: {
      ...(family.system && instructions.length > 0 && { systemInstruction: { parts: instructions } }),
      ...(tools.length > 0 && { tools }),
      ...(toolConfig !== undefined && { toolConfig: { functionCallingConfig: toolConfig } }),
      ...(Object.keys(generation).length > 0 && { generationConfig: generation }),
      ...rest,
      contents: family.system ? contents : inFront(instructions, contents),
    },
    warnings: [...history.warnings, ...warnings, ...thinking.warnings, ...schema.warnings],
  }
}

function vendorConfig(config: Readonly<Record<string, unknown>>, maxOutputTokens: number | undefined): object {
  const { candidateCount, candidate_count, max_output_tokens, ...rest } = config
  for (const count of [candidateCount, candidate_count]) {
    if (count === undefined || count === null || count === 1) continue
    throw new LLMError(
      'config',
      'a call has one answer, and candidateCount in providerOptions.google asks for another number; leave it out and call again',
      { provider: 'google' },
    )
  }
  // Last, because the budget was reserved for it.
  if (maxOutputTokens !== undefined) return { ...rest, maxOutputTokens }
  return max_output_tokens === undefined ? rest : { maxOutputTokens: max_output_tokens, ...rest }
}

function pathOf({ model, stream }: ProviderRequest): string {
  const id = (model.includes('/') ? model : `models/${model}`).split('/').map(encodeURIComponent).join('/')
  return stream ? `${id}:streamGenerateContent?alt=sse` : `${id}:generateContent`
}

function sampling({ temperature, topP, seed, stop }: ProviderRequest): object {
  return {
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
    ...(seed !== undefined && { seed }),
    ...(stop !== undefined && stop.length > 0 && { stopSequences: stop }),
  }
}

interface SchemaPlace {
  readonly config: object
  readonly instructions: readonly WirePart[]
  readonly warnings: readonly Warning[]
}

/** Where the answer's schema goes: older models refuse it beside tools, so that words must do there. */
function schemaPlace({ output, tools }: ProviderRequest, family: Family): SchemaPlace {
  if (output === undefined) return { config: {}, instructions: [], warnings: [] }
  if (tools.length === 0 || family.schemaWithTools)
    return {
      config: { responseMimeType: 'application/json', responseJsonSchema: output.schema },
      instructions: [],
      warnings: [],
    }
  const words = `Give the final answer as bare JSON, without a code fence, by this JSON Schema: ${JSON.stringify(output.schema)}`
  const message = 'this model takes no response schema beside tools; the schema was put into the system instructions'
  return { config: {}, instructions: [{ text: words }], warnings: [{ code: 'schema_as_text', message }] }
}

function toolsOf({ tools }: ProviderRequest): readonly object[] {
  if (tools.length === 0) return []
  const functionDeclarations = tools.map(({ name, description, inputSchema }) => ({
    name,
    ...(description !== undefined && { description }),
    parametersJsonSchema: inputSchema,
  }))
  return [{ functionDeclarations }]
}

function toolChoice(choice: ProviderRequest['toolChoice']): object | undefined {
  switch (choice) {
    case 'auto':
      return undefined
    case 'none':
      return { mode: 'NONE' }
    case 'required':
      return { mode: 'ANY' }
    default:
      return { mode: 'ANY', allowedFunctionNames: [choice.tool] }
  }
}

/** For models without system instructions: before the first thing that the user says. */
function inFront(instructions: readonly WirePart[], contents: readonly WireContent[]): readonly WireContent[] {
  if (instructions.length === 0) return contents
  const [first, ...others] = contents
  if (first?.role !== 'user') return [{ role: 'user', parts: instructions }, ...contents]
  return [{ role: 'user', parts: [...instructions, ...first.parts] }, ...others]
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {}
}
