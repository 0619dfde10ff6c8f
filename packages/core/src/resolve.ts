import type { CallDefaults, ChatCall, ToolChoice } from './contract/call.ts'
import type { JSONSchema } from './contract/json.ts'
import type { ModelTarget } from './contract/model.ts'
import type { ProviderMessage, ProviderTool } from './contract/provider.ts'
import type { Schema } from './contract/schema.ts'
import type { Tool, ToolSet } from './contract/tool.ts'
import type { Engine } from './engine.ts'
import { LLMError } from './error.ts'
import { orderGroup } from './group.ts'
import type { Member } from './group.ts'
import { toProviderMessages } from './messages.ts'
import { nearest } from './nearest.ts'
import { checkOptIns } from './opt-ins.ts'
import { checkNames } from './options.ts'
import { parseRef, providerNamed } from './reference.ts'
import { compileRules } from './rules.ts'
import type { Rule } from './rules.ts'
import { checkScalars, isToolSet } from './scalars.ts'
import { toJSONSchema } from './schema.ts'
import { timersFor } from './timeouts.ts'
import type { Timers } from './timeouts.ts'

/** A call once everything about it is known and checked; nothing was sent. */
export interface ResolvedCall {
  readonly call: AnyCall
  /** Where the call begins: the first of its group. */
  readonly primary: ModelTarget
  /** The model of the call and its alternatives, in order. */
  readonly group: readonly Member[]
  readonly rules: readonly Rule[]
  readonly messages: readonly ProviderMessage[]
  readonly tools: ToolSet
  readonly toolList: readonly ProviderTool[]
  readonly toolChoice: ToolChoice
  readonly output: { readonly schema: Schema; readonly json: JSONSchema } | undefined
  readonly stream: boolean
  readonly timers: Timers
  readonly agent: string | undefined
}

/** A call whose types of tools and output no longer matter. */
export type AnyCall = ChatCall<ToolSet, unknown>

/** A call that was not looked at yet. */
export interface CallDraft {
  /** As its user wrote it. */
  readonly written: CallDefaults
  /** With the defaults of its router, which were checked when they were set. */
  readonly call: AnyCall
}

const noTools: ToolSet = {}

/** Throws `config` for whatever a user got wrong. */
export function resolveCall(engine: Engine, { written, call }: CallDraft): ResolvedCall {
  checkNames(written, 'call')
  const model = parseRef(call.model!) // a router always has a default model
  providerNamed(engine.providers, model.provider)
  checkScalars(written)
  checkOptIns(call, engine.providers)
  const tools = toolsOf(call)
  const toolList = listTools(tools)
  const stream = call.stream ?? true
  const rules = compileRules(call.fallbacks, engine.providers)
  const messages = toProviderMessages(call.messages, call.system)
  const group = orderGroup(engine, model, { call, messages, toolList })
  return {
    call,
    primary: group[0]!.target, // the model is one of them
    group,
    rules,
    messages,
    tools,
    toolList,
    toolChoice: checkChoice(call.toolChoice ?? 'auto', tools),
    output: call.output === undefined ? undefined : { schema: call.output, json: toJSONSchema(call.output, 'output') },
    stream,
    timers: timersFor(call.timeout, stream),
    agent: call.agent ?? agentOf(call.session),
  }
}

/** `agent:adapter:external`, as sessions are named by convention; one without a colon names no agent. */
function agentOf(session: string | undefined): string | undefined {
  const colon = session?.indexOf(':') ?? -1
  return colon > 0 ? session?.slice(0, colon) : undefined
}

function toolsOf({ tools }: AnyCall): ToolSet {
  if (typeof tools !== 'function') return tools ?? noTools
  let made: unknown
  try {
    made = tools()
  } catch (cause) {
    throw new LLMError('config', 'the function given as tools threw; see its cause', { cause })
  }
  if (made === undefined) return noTools
  if (isToolSet(made)) return made as ToolSet // its tools are checked one by one
  throw new LLMError(
    'config',
    'the function given as tools must return an object of tools by name, at once: not a promise',
  )
}

function listTools(tools: ToolSet): readonly ProviderTool[] {
  const list: ProviderTool[] = []
  for (const name in tools) {
    const tool: Partial<Tool> | null | undefined = tools[name] // whatever a user wrote
    if (typeof tool?.inputSchema !== 'object' && typeof tool?.inputSchema !== 'function') {
      throw new LLMError('config', `the tool "${name}" has no inputSchema; give it a zod object or jsonSchema()`)
    }
    const { description } = tool
    const inputSchema = toJSONSchema(tool.inputSchema, `the tool "${name}"`)
    list.push({ name, ...(description !== undefined && { description }), inputSchema })
  }
  return list
}

function checkChoice(choice: ToolChoice, tools: ToolSet): ToolChoice {
  if (typeof choice === 'string' || Object.hasOwn(tools, choice.tool)) return choice
  const meant = nearest(choice.tool, Object.keys(tools))
  throw new LLMError(
    'config',
    `toolChoice names the tool "${choice.tool}", which the call does not have${meant === undefined ? '' : `; did you mean "${meant}"?`}`,
  )
}
