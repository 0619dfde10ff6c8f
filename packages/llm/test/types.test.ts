import { expect, test } from 'vitest'
import { createLLM, tool } from '@wayfare/llm'
import type {
  AgentStats,
  AssistantMessage,
  CallDefaults,
  CostReport,
  CostTrackerOptions,
  Dimension,
  FilePart,
  InferSchema,
  InvalidToolCall,
  LimitState,
  LLMErrorKind,
  MemoryStore,
  Plan,
  PriceEntry,
  Rates,
  SessionStats,
  Spend,
  SystemMessage,
  TextPart,
  ToolCall,
  ToolCallOf,
  ToolCallPart,
  ToolMessage,
  ToolResultPart,
  UserMessage,
  Warning,
} from '@wayfare/llm'
import { z } from 'zod'

const tools = { weather: tool({ inputSchema: z.object({ city: z.string() }) }) }

/** What a user's own declarations may say with this one package installed. */
export interface Notebook {
  readonly stats: readonly (AgentStats | SessionStats | Spend)[]
  readonly report: CostReport<'agent' | 'day'>
  readonly dimension: Dimension
  readonly state: LimitState
  readonly options: CostTrackerOptions
  readonly store: MemoryStore
  readonly calls: readonly (ToolCall | InvalidToolCall | ToolCallOf<typeof tools>)[]
  readonly input: InferSchema<(typeof tools)['weather']['inputSchema']>
  readonly messages: readonly (UserMessage | AssistantMessage | SystemMessage | ToolMessage)[]
  readonly parts: readonly (TextPart | FilePart | ToolCallPart | ToolResultPart)[]
  readonly defaults: CallDefaults
  readonly warnings: readonly Warning[]
  readonly plan: Plan
  readonly kind: LLMErrorKind
  readonly prices: readonly PriceEntry[]
  readonly rates: Rates
}

test('the types of results can be named without another package', async () => {
  const rates: Rates = { input: 1, output: 2 }
  const defaults: CallDefaults = { temperature: 0 }
  const provider = { name: 'stub', async *chat() {} }
  const llm = createLLM({ providers: [provider], ...defaults, model: 'stub/small' })
  const spend: Spend = await llm.costs.global()
  const plan: Plan = llm.plan({ messages: 'hi' })
  const input: Notebook['input'] = { city: 'Oslo' }
  expect([rates.input, spend.costUsd, plan.targets.length, input.city]).toEqual([1, 0, 1, 'Oslo'])
})
