import { systemClock, type ProviderRequest } from '@wayfare/core'

/** What a router would hand to a provider for a short question. */
export function providerRequest(model: string): ProviderRequest {
  return {
    model,
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
    tools: [],
    toolChoice: 'auto',
    stream: true,
    signal: new AbortController().signal,
    attemptId: 'attempt',
    clock: systemClock,
    timeout: { connectMs: 10_000, firstByteMs: 30_000, idleMs: 30_000 },
  }
}
