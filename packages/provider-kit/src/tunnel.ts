import { LLMError } from '@wayfare/core'
import type { buildConnector } from 'undici'

/** What a client calls for a socket. What it returns gives up, also a connection that is still being made. */
export type Connect = (
  options: buildConnector.Options,
  callback: buildConnector.Callback,
) => { destroy(): unknown } | undefined

/** The proxy answered, but would not open a tunnel. */
export class TunnelRefused extends Error {
  readonly status: number

  constructor(status: number) {
    super('the proxy opened no tunnel')
    this.status = status
  }
}

/** The URL of an HTTP proxy, which may hold its user name and password: it is never quoted. Throws `config`. */
export function checkProxy(provider: string, proxy: string): URL {
  const url = URL.canParse(proxy) ? new URL(proxy) : undefined
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url
  throw new LLMError('config', `the proxy of ${provider} must be an http:// or https:// URL`, { provider })
}

/** Asks the proxy for a tunnel to the server, and makes the connection within it. */
export function tunnel(proxy: URL, within: Connect): Connect {
  // Not imported: an import asks http for all that it exports, and its WebSocket brings along all of the undici in Node.
  const { request } = process.getBuiltinModule(proxy.protocol === 'https:' ? 'node:https' : 'node:http')
  const { hostname, port, username, password } = proxy
  const login = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')
  return (options, callback) => {
    const host = options.host ?? options.hostname
    const path = options.port === '' ? `${host}:${options.protocol === 'https:' ? 443 : 80}` : host
    const asked = request({
      method: 'CONNECT',
      hostname: hostname.replace(/^\[|\]$/g, ''),
      port,
      path,
      headers: { host: path, ...(username !== '' && { 'proxy-authorization': `Basic ${login}` }) },
      agent: false,
    })
    let making: { destroy(): unknown } | undefined = asked
    asked.once('error', (error) => callback(error, null))
    asked.once('connect', ({ statusCode = 0 }, socket, head) => {
      making = socket
      if (statusCode < 200 || statusCode > 299) {
        socket.destroy()
        return callback(new TunnelRefused(statusCode), null)
      }
      if (head.length > 0) socket.unshift(head)
      if (options.protocol !== 'https:') return callback(null, socket)
      making = within({ ...options, httpSocket: socket }, callback)
    })
    asked.end()
    return { destroy: () => making?.destroy() }
  }
}
