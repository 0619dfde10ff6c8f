export { createLLM } from './create.ts'
export type { LLM, LLMOptions } from './create.ts'
export { fromEnv } from './from-env.ts'
export type { FromEnvOptions } from './from-env.ts'
export { BudgetError, LLMError, Router, collect, jsonSchema, runTools, tool, toolResult } from '@wayfare/core'
export type {
  AnyToolCall,
  Attempt,
  ChatCall,
  ChatEvent,
  ChatResponse,
  ChatStream,
  CompleteCall,
  FallbackRule,
  Fallbacks,
  Message,
  ModelRef,
  Provider,
  ProviderEvent,
  ProviderRequest,
  Scope,
  Tool,
  ToolSet,
  Usage,
} from '@wayfare/core'
export { CostTracker } from '@wayfare/cost'
export type { Limits, LimitSettings } from '@wayfare/cost'
export { PriceRegistry } from '@wayfare/pricing'
