import { now as systemNow } from '../clock.ts'
import { PriceConfigError } from '../error.ts'
import type { PriceRegistry } from '../registry.ts'
import type { PriceCatalogue, SkippedRow } from './catalogue.ts'
import { readLimited } from './read-limited.ts'

export interface RefreshOptions {
  /** https, or http on this machine. It is also the name of the catalogue in the registry. */
  readonly url: string | URL
  /** One of the loaders, such as `fromModelsDev`. */
  readonly read: (json: unknown) => PriceCatalogue
  /** What is younger is not fetched again. Default: a day. */
  readonly ttlMs?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** Default: a minute. */
  readonly timeoutMs?: number | undefined
  /** Instead of the global one. */
  readonly fetch?: typeof fetch | undefined
  /** Unix milliseconds; default: the clock of this machine. */
  readonly now?: (() => number) | undefined
}

export type Refreshed =
  | { readonly status: 'loaded'; readonly entries: number; readonly skipped: readonly SkippedRow[] }
  /** Young enough, or the server says that nothing changed. */
  | { readonly status: 'unchanged' }
  /** The prices are what they were. */
  | { readonly status: 'failed'; readonly error: Error }

interface Known {
  readonly checkedAt: number
  readonly etag: string | undefined
  readonly entries: number
}

const dayMs = 86_400_000
const known = new WeakMap<PriceRegistry, Map<string, Known>>()
const running = new WeakMap<PriceRegistry, Map<string, Promise<Refreshed>>>()

/**
 * Fetches a catalogue and hands it to the registry as a live one. Whatever fails, the old prices stay: the promise rejects for
 * nothing but a URL that cannot be right. A catalogue that lost three tenths of its models is not believed. Refreshes of the
 * same URL that run at once are one.
 */
export async function refresh(prices: PriceRegistry, options: RefreshOptions): Promise<Refreshed> {
  const url = checkedUrl(options.url)
  const before = entryOf(known, prices).get(url)
  const { ttlMs = dayMs, now = systemNow } = options
  if (before !== undefined && now() - before.checkedAt < ttlMs) return { status: 'unchanged' }
  const runs = entryOf(running, prices)
  const shared = runs.get(url)
  if (shared !== undefined) return shared
  const run = load(prices, url, before, options).catch((error: unknown): Refreshed => {
    return { status: 'failed', error: error instanceof Error ? error : new Error(String(error)) }
  })
  runs.set(url, run)
  const refreshed = await run
  runs.delete(url)
  return refreshed
}

async function load(
  prices: PriceRegistry,
  url: string,
  before: Known | undefined,
  { read, signal, timeoutMs = 60_000, fetch: own = fetch, now = systemNow }: RefreshOptions,
): Promise<Refreshed> {
  const limit = AbortSignal.timeout(timeoutMs)
  const response = await own(url, {
    signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
    redirect: 'error',
    headers: { accept: 'application/json', ...(before?.etag !== undefined && { 'if-none-match': before.etag }) },
  })
  const found = entryOf(known, prices)
  if (response.status === 304 && before !== undefined) {
    found.set(url, { ...before, checkedAt: now() })
    return { status: 'unchanged' }
  }
  if (!response.ok) throw new Error(`the catalogue answered with status ${response.status}`)
  const { entries, skipped } = read(JSON.parse(await readLimited(response)))
  if (entries.length === 0) throw new Error('the catalogue has no model with a price')
  if (before !== undefined && entries.length < 0.7 * before.entries)
    throw new Error(`the catalogue shrank from ${before.entries} models to ${entries.length}`)
  prices.setLive(url, entries)
  const etag = response.headers.get('etag') ?? undefined
  found.set(url, { checkedAt: now(), etag, entries: entries.length })
  return { status: 'loaded', entries: entries.length, skipped }
}

function checkedUrl(url: string | URL): string {
  const parsed = URL.canParse(String(url)) ? new URL(String(url)) : undefined
  const local = parsed !== undefined && ['127.0.0.1', 'localhost', '[::1]'].includes(parsed.hostname)
  if (parsed?.protocol === 'https:' || (local && parsed.protocol === 'http:')) return parsed.href
  throw new PriceConfigError('the URL of a catalogue must begin with https:// (or http:// on this machine)')
}

function entryOf<V>(of: WeakMap<PriceRegistry, Map<string, V>>, prices: PriceRegistry): Map<string, V> {
  const found = of.get(prices)
  if (found !== undefined) return found
  const made = new Map<string, V>()
  of.set(prices, made)
  return made
}
