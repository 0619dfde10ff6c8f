import { pathToFileURL } from 'node:url'

/** A package of the peers' own folder; undefined where it is not installed or does not run on this Node. */
export async function peer<T>(name: string): Promise<T | undefined> {
  const folder = process.env['BENCH_PEERS']
  if (folder === undefined) return undefined
  try {
    const loader = (await import(pathToFileURL(`${folder}/load.mjs`).href)) as { load(name: string): Promise<T> } // ours
    return await loader.load(name)
  } catch {
    return undefined
  }
}
