/** What a user bundles, and how large it may be when minified and gzipped. */
export interface Budget {
  readonly title: string
  /** The program, as a user would write it. */
  readonly code: string
  /** Packages that are left out. */
  readonly without: readonly string[]
  readonly maxBytes: number
}

const KB = 1_024

/** A larger figure is a decision: it goes with the reason into the commit that needs it. */
export const budgets: readonly Budget[] = [
  {
    title: 'core',
    code: `export * from '@wayfare/core'`,
    without: [],
    // Checks of every option and part, two attempts at once, and the forms of a call that take the least time came in.
    maxBytes: 26 * KB,
  },
  {
    title: 'router and one provider, without the kit',
    code: `export { Router } from '@wayfare/core'; export { ollama } from '@wayfare/ollama'`,
    without: ['@wayfare/provider-kit'],
    // As core: one timer for a whole call, and no promise where there is nothing to wait for.
    maxBytes: 30 * KB,
  },
  {
    title: 'router and chat completions, without the kit',
    code: `export { Router } from '@wayfare/core'; export { openaiCompatible } from '@wayfare/openai-compatible'`,
    without: ['@wayfare/provider-kit'],
    // 20 KB is what was hoped for (P8 of the benchmark): core alone is more.
    maxBytes: 32 * KB,
  },
  {
    title: 'router and the largest wire, without undici',
    code: `export { Router } from '@wayfare/core'; export { anthropic } from '@wayfare/anthropic'`,
    without: ['undici'],
    // Deltas read without a parse of their events came in, one way from the socket to the events, what spares a signal, and
    // answers to mistakes: options of a provider that are none, names that other libraries use, a bundle without undici.
    maxBytes: 49.5 * KB,
  },
  {
    title: 'sse',
    code: `export { scan } from '@wayfare/sse'`,
    without: [],
    // Ways of their own for whole chunks, for fragments and for events of a known form.
    maxBytes: 3 * KB,
  },
  {
    title: 'prices, with the bundled list',
    code: `export { PriceRegistry } from '@wayfare/pricing'`,
    without: [],
    maxBytes: 12 * KB,
  },
  {
    title: 'prices of clouds',
    code: `export { clouds } from '@wayfare/pricing/clouds'`,
    without: [],
    maxBytes: 3 * KB,
  },
  {
    title: 'loaders of catalogues, without zod',
    code: `export * from '@wayfare/pricing/loaders'`,
    without: ['zod'],
    maxBytes: 7 * KB,
  },
  {
    title: 'llm, with prices and limits',
    code: `export { createLLM } from '@wayfare/llm'`,
    without: ['undici', 'zod'],
    // Live, inherited and regional prices came in, the ledgers of the stores, what becomes of calls while one is down, and
    // callbacks in place of promises.
    maxBytes: 52 * KB,
  },
]
