/** What catalogues call a vendor, and what it is called here. Names that are not listed are the same. */
const names: ReadonlyMap<string, string> = new Map([
  ['gemini', 'google'],
  ['google-vertex', 'vertex'],
  ['google-vertex-anthropic', 'vertex'],
  ['amazon-bedrock', 'bedrock'],
  ['aws', 'bedrock'],
  ['bedrock_converse', 'bedrock'],
  ['azure_ai', 'azure'],
  ['azure-cognitive-services', 'azure'],
  ['togetherai', 'together'],
  ['together_ai', 'together'],
  ['fireworks-ai', 'fireworks'],
  ['fireworks_ai', 'fireworks'],
  ['moonshotai', 'moonshot'],
  ['mistralai', 'mistral'],
  ['x-ai', 'xai'],
  ['cohere_chat', 'cohere'],
  ['ollama_chat', 'ollama'],
])

/** Vendors whose tiers hold from their threshold on, where a catalogue does not say. */
const inclusive: ReadonlySet<string> = new Set(['xai'])
/** Thresholds that hold from their figure on, whose model it is. */
const inclusiveThresholds: ReadonlySet<number> = new Set([272_000])

/** The gateway whose own catalogue names no provider. */
export const gateway: string = 'openrouter'

export function vendorName(name: string): string {
  return names.get(name) ?? (name.startsWith('vertex_ai') ? 'vertex' : name)
}

/** Whether a prompt of exactly so many tokens is charged by the tier. */
export function isInclusive(vendor: string, threshold: number): boolean {
  return inclusive.has(vendor) || inclusiveThresholds.has(threshold)
}
