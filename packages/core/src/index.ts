export type { JSONSchema, JSONValue } from './contract/json.ts'
export type {
  InferSchema,
  Schema,
  StandardIssue,
  StandardJSONSchema,
  StandardResult,
  StandardSchema,
  TypedJSONSchema,
} from './contract/schema.ts'
export type {
  AssistantMessage,
  AssistantPart,
  FilePart,
  Message,
  PartBase,
  ProviderMetadata,
  ProviderPart,
  ReasoningPart,
  SystemMessage,
  TextPart,
  ToolCallPart,
  ToolMessage,
  ToolResultPart,
  UserMessage,
  UserPart,
} from './contract/message.ts'
export type {
  AnyToolCall,
  InvalidToolCall,
  Tool,
  ToolCall,
  ToolCallOf,
  ToolContext,
  ToolDefinition,
  ToolSet,
} from './contract/tool.ts'
export type { KnownModels, ModelInfo, ModelPrice, ModelRef, ModelTarget } from './contract/model.ts'
export type { PricingSource, Usage, UsageSource } from './contract/usage.ts'
export type {
  Provider,
  ProviderCallOptions,
  ProviderEvent,
  ProviderMessage,
  ProviderRequest,
  ProviderTool,
  ProviderTraits,
  TransportTimeouts,
} from './contract/provider.ts'
export type { Clock } from './contract/clock.ts'
export type {
  CallDefaults,
  ChatCall,
  CompleteCall,
  FinishReason,
  ProviderOptions,
  Sampling,
  TargetOrder,
  Timeouts,
  ToolChoice,
  Warning,
} from './contract/call.ts'
export type { Attempt, AttemptBase, ChatEvent, ChatResponse, ChatStream, OutputOf } from './contract/response.ts'
export type { Plan, PlannedTarget, SkippedTarget, SkipReason } from './contract/plan.ts'
export type { FailureTrigger, FallbackRule, Fallbacks } from './contract/fallbacks.ts'
export type { BoundsCall, Price, PriceCall, PriceLine, Pricing } from './contract/pricing.ts'
export type {
  Budget,
  BudgetReason,
  MaybePromise,
  ReserveRequest,
  ReserveResult,
  Scope,
  Settlement,
  SoftLimit,
  Window,
} from './contract/budget.ts'
export type { HealthResult, Models, ModelsQuery, RouterEvents, RouterOptions } from './contract/router.ts'
export { abortOf } from './abort.ts'
export type { AbortListener, AbortSource } from './abort.ts'
export { systemClock } from './clock.ts'
export { BudgetError, LLMError } from './error.ts'
export type { BudgetErrorFacts, LLMErrorFacts, LLMErrorKind, LLMErrorPhase, PartialAnswer } from './error.ts'
export { jsonSchema } from './schema.ts'
export { runTools, tool, toolResult } from './tools.ts'
export { Router } from './router.ts'
export { collect } from './collect.ts'
