import { createHash } from 'node:crypto'
import { send, type RedisClient } from './client.ts'

/** A program that the server runs as one step. */
export interface Script {
  readonly source: string
  readonly sha: string
}

export function script(...parts: readonly string[]): Script {
  const source = parts.join('\n')
  return { source, sha: createHash('sha1').update(source).digest('hex') }
}

/** Runs a script; its source travels only when the server does not know it. */
export async function run(
  client: RedisClient,
  { source, sha }: Script,
  keys: readonly string[],
  args: readonly string[],
): Promise<unknown> {
  const rest = [String(keys.length), ...keys, ...args]
  try {
    return await send(client, 'EVALSHA', sha, ...rest)
  } catch (thrown) {
    if (!(thrown instanceof Error) || !thrown.message.includes('NOSCRIPT')) throw thrown
    return send(client, 'EVAL', source, ...rest)
  }
}
