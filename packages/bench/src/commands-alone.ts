import { createConnection } from 'node:net'
import type { Redis } from 'ioredis'

/** The commands that scripts run while a task is done, as a script of their own: word for word, and nothing between them. */
export async function commandsAlone(client: Redis, socket: string, task: () => unknown): Promise<readonly string[]> {
  const monitor = createConnection(socket)
  let text = ''
  monitor.setEncoding('latin1').on('data', (more: string) => (text += more))
  const seen = async (part: string): Promise<void> => {
    while (!text.includes(part)) await new Promise((resolve) => monitor.once('data', resolve))
  }
  monitor.write('MONITOR\r\n')
  await seen('+OK')
  await task()
  await client.echo('that was all')
  await seen('that was all')
  monitor.destroy()
  return text
    .split('\r\n')
    .filter((line) => line.includes(' lua] '))
    .map(luaCall)
}

/** The server writes a command as texts in quotes, which Lua reads but for bytes in hexadecimal digits. */
function luaCall(line: string): string {
  const words = line.slice(line.indexOf(' lua] ')).match(/"(?:[^"\\]|\\.)*"/g) ?? []
  const texts = words.map((word) =>
    word.replace(/\\(?:x([0-9a-f]{2})|.)/g, (all, hex?: string) =>
      hex === undefined ? all : `\\${String(parseInt(hex, 16)).padStart(3, '0')}`,
    ),
  )
  return `redis.call(${texts.join(', ')})`
}
