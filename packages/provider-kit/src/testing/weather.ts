import type { ProviderRequest, ProviderTool } from '@wayfare/core'

/** The tool that the suite offers. */
export const weather: ProviderTool = {
  name: 'weather',
  description: 'Tells the weather.',
  inputSchema: {
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
    additionalProperties: false,
  },
}

/** A request that offers it. */
export function offering(request: Partial<ProviderRequest> | undefined): Partial<ProviderRequest> {
  return { tools: [weather], ...request }
}
