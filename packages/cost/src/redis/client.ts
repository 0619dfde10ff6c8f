/** The part of a client that is used: ioredis and iovalkey have `call`, node-redis has `sendCommand`. */
export type RedisClient =
  | { call(command: string, ...args: string[]): Promise<unknown> }
  | { sendCommand(args: string[]): Promise<unknown> }

/** Sends a command, whatever the client. */
export async function send(client: RedisClient, ...args: [string, ...string[]]): Promise<unknown> {
  // ioredis has both, and another idea of `sendCommand`.
  return 'call' in client ? client.call(...args) : client.sendCommand(args)
}
