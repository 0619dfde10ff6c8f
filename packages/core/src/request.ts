import type { ModelTarget } from './contract/model.ts'
import type { Provider, ProviderRequest } from './contract/provider.ts'
import type { Draft } from './draft.ts'
import type { Engine } from './engine.ts'
import type { Guard } from './guard.ts'
import type { ResolvedCall } from './resolve.ts'

/** What one attempt asks of its provider: the call, with the options of that vendor only. */
export function buildRequest(
  engine: Engine,
  resolved: ResolvedCall,
  target: ModelTarget,
  provider: Provider,
  guard: Guard,
  continued: string,
): Draft<ProviderRequest> {
  const { call, timers, output } = resolved
  const options = call.providerOptions?.[provider.vendor ?? provider.name]
  const request: Draft<ProviderRequest> = {
    model: target.model,
    messages:
      continued === ''
        ? resolved.messages
        : [...resolved.messages, { role: 'assistant', content: [{ type: 'text', text: continued }] }],
    tools: resolved.toolList,
    toolChoice: resolved.toolChoice,
    stream: resolved.stream,
    get signal() {
      return guard.signal
    },
    attemptId: engine.chance.id(),
    clock: engine.clock,
    timeout: timers,
  }
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
