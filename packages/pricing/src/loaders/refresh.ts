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
  /** Ends the waiting of this call. */
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
const running = new WeakMap<PriceRegistry, Map<string, Run>>()

/** A fetch under way, for all who ask for it. */
interface Run {
  readonly refreshed: Promise<Refreshed>
  /** Ends the fetch. */
  readonly end: AbortController
  waiting: number
}

/**
 * Fetches a catalogue and hands it to the registry as a live one. Whatever fails, the old prices stay: the promise rejects for
 * nothing but a URL that cannot be right. A catalogue that lost three tenths of its models is not believed. Refreshes of the
 * same URL that run at once are one, by the options of the first; a signal ends the waiting of its own caller, and the fetch when
 * nobody waits any more.
 */
export async function refresh(prices: PriceRegistry, options: RefreshOptions): Promise<Refreshed> {
  const url = checkedUrl(options.url)
  // A catalogue that was taken out of the registry is unknown again.
  const live = prices.info().live.some(({ source }) => source === url)
  const before = live ? entryOf(known, prices).get(url) : undefined
  const { ttlMs = dayMs, now = systemNow } = options
  if (before !== undefined && now() - before.checkedAt < ttlMs) return { status: 'unchanged' }
  const runs = entryOf(running, prices)
  const { signal } = options
  if (signal?.aborted) return failed(signal.reason)
  let run = runs.get(url)
  if (run === undefined) {
    const end = new AbortController()
    run = { refreshed: load(prices, url, before, options, end.signal).catch(failed), end, waiting: 0 }
    const started = run
    runs.set(url, started)
    void started.refreshed.then(() => forget(runs, url, started))
  }
  const joined = run
  return waitFor(joined, signal, () => forget(runs, url, joined))
}

/** What a run brings, unless the caller gives up before; `abandoned` when nobody waits for it any more. */
function waitFor(run: Run, signal: AbortSignal | undefined, abandoned: () => void): Promise<Refreshed> {
  run.waiting++
  return new Promise((resolve) => {
    const giveUp = (): void => {
      resolve(failed(signal?.reason))
      if (--run.waiting > 0) return
      abandoned()
      run.end.abort(signal?.reason)
    }
    signal?.addEventListener('abort', giveUp, { once: true })
    // It never rejects.
    void run.refreshed.then((refreshed) => {
      signal?.removeEventListener('abort', giveUp)
      resolve(refreshed)
    })
  })
}

function forget(runs: Map<string, Run>, url: string, run: Run): void {
  if (runs.get(url) === run) runs.delete(url)
}

function failed(error: unknown): Refreshed {
  return { status: 'failed', error: error instanceof Error ? error : new Error(String(error)) }
}

async function load(
  prices: PriceRegistry,
  url: string,
  before: Known | undefined,
  { read, timeoutMs = 60_000, fetch: own = fetch, now = systemNow }: RefreshOptions,
  signal: AbortSignal,
): Promise<Refreshed> {
  const response = await own(url, {
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    redirect: 'error',
    headers: { accept: 'application/json', ...(before?.etag !== undefined && { 'if-none-match': before.etag }) },
  })
  const found = entryOf(known, prices)
  if (response.status === 304 && before !== undefined) {
    found.set(url, { ...before, checkedAt: now() })
    return { status: 'unchanged' }
  }
  if (!response.ok) throw new Error(`the catalogue answered with status ${response.status}`)
  const text = await readLimited(response)
  signal.throwIfAborted()
  const { entries, skipped } = read(JSON.parse(text))
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
