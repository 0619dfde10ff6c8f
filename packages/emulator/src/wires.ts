import type { WireName } from './reply.ts'
import type { Wire } from './wire.ts'
import { anthropic } from './anthropic/wire.ts'
import { google } from './google/wire.ts'
import { ollama } from './ollama/wire.ts'
import { openai } from './openai/wire.ts'
import { openrouter } from './openrouter/wire.ts'

export const wires: Readonly<Record<WireName, Wire>> = { anthropic, openai, openrouter, google, ollama }

/** The wire whose base path a path stands below. */
export function wireAt(path: string): Wire | undefined {
  return Object.values(wires).find((wire) => path === wire.basePath || path.startsWith(`${wire.basePath}/`))
}
