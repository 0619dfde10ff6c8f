import type { ModelTarget } from './contract/model.ts'
import type { Provider, ProviderRequest } from './contract/provider.ts'
import type { Engine } from './engine.ts'
import type { ResolvedCall } from './resolve.ts'

/** What one attempt asks of its provider: the call, with the options of that vendor only. */
export function buildRequest(
  engine: Engine,
  resolved: ResolvedCall,
  target: ModelTarget,
  provider: Provider,
  signal: AbortSignal,
  continued: string,
): ProviderRequest {
  const { call, timers, output } = resolved
  const options = call.providerOptions?.[provider.vendor ?? provider.name]
  return {
    model: target.model,
    messages:
      continued === ''
        ? resolved.messages
        : [...resolved.messages, { role: 'assistant', content: [{ type: 'text', text: continued }] }],
    tools: resolved.toolList,
    toolChoice: resolved.toolChoice,
    ...(output !== undefined && { output: { name: 'answer', schema: output.json } }),
    stream: resolved.stream,
    signal,
    attemptId: engine.chance.id(),
    clock: engine.clock,
    timeout: timers,
    ...(options !== undefined && { options }),
    ...(call.maxOutputTokens !== undefined && { maxOutputTokens: call.maxOutputTokens }),
    ...(call.temperature !== undefined && { temperature: call.temperature }),
    ...(call.topP !== undefined && { topP: call.topP }),
    ...(call.seed !== undefined && { seed: call.seed }),
    ...(call.stop !== undefined && { stop: call.stop }),
    ...(call.reasoning !== undefined && { reasoning: call.reasoning }),
  }
}
