import type { ToolChoice } from './contract/call.ts'
import type { Clock } from './contract/clock.ts'
import type { ModelTarget } from './contract/model.ts'
import type {
  Provider,
  ProviderMessage,
  ProviderRequest,
  ProviderTool,
  TransportTimeouts,
} from './contract/provider.ts'
import type { Draft } from './draft.ts'
import type { Engine } from './engine.ts'
import type { Guard } from './guard.ts'
import type { ResolvedCall } from './resolve.ts'
import { Signalled } from './signalled.ts'

/** What one attempt asks of its provider: the call, with the options of that vendor only. */
export function buildRequest(
  engine: Engine,
  resolved: ResolvedCall,
  target: ModelTarget,
  provider: Provider,
  guard: Guard,
  continued: string,
): Draft<ProviderRequest> {
  const { call, output } = resolved
  const request: Draft<ProviderRequest> = new AttemptRequest(engine, resolved, target, guard, continued)
  const options = call.providerOptions?.[provider.vendor ?? provider.name]
  if (output !== undefined) request.output = { name: 'answer', schema: output.json }
  if (options !== undefined) request.options = options
  if (call.maxOutputTokens !== undefined) request.maxOutputTokens = call.maxOutputTokens
  if (call.temperature !== undefined) request.temperature = call.temperature
  if (call.topP !== undefined) request.topP = call.topP
  if (call.seed !== undefined) request.seed = call.seed
  if (call.stop !== undefined) request.stop = call.stop
  if (call.reasoning !== undefined) request.reasoning = call.reasoning
  return request
}

class AttemptRequest extends Signalled implements ProviderRequest {
  readonly model: string
  readonly messages: readonly ProviderMessage[]
  readonly tools: readonly ProviderTool[]
  readonly toolChoice: ToolChoice
  readonly stream: boolean
  readonly attemptId: string
  readonly clock: Clock
  readonly timeout: TransportTimeouts

  constructor(
    { chance, clock }: Engine,
    { messages, toolList, toolChoice, stream, timers }: ResolvedCall,
    { model }: ModelTarget,
    guard: Guard,
    continued: string,
  ) {
    super(guard)
    this.model = model
    this.messages =
      continued === '' ? messages : [...messages, { role: 'assistant', content: [{ type: 'text', text: continued }] }]
    this.tools = toolList
    this.toolChoice = toolChoice
    this.stream = stream
    this.attemptId = chance.id()
    this.clock = clock
    this.timeout = timers
  }
}
