import dns from 'node:dns'
import tls from 'node:tls'

/** What a name resolves to: addresses, the code of a failure, or no answer at all. */
export type Resolution = readonly string[] | 'ENOTFOUND' | 'EAI_AGAIN' | 'silence'

/** Runs with another resolver for these names, whoever makes the connection. */
export async function withHosts<T>(hosts: Readonly<Record<string, Resolution>>, play: () => Promise<T>): Promise<T> {
  const { lookup } = dns
  type Callback = (error: Error | null, address?: unknown, family?: number) => void
  const resolve = (name: string, options: { all?: boolean }, callback: Callback): void => {
    const found = hosts[name]
    if (found === 'silence') return
    if (found === undefined) return lookup(name, options, callback)
    if (typeof found === 'string') {
      const error = Object.assign(new Error(`getaddrinfo ${found} ${name}`), { code: found, syscall: 'getaddrinfo' })
      return void setImmediate(callback, error)
    }
    const addresses = found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
    if (options.all) return void setImmediate(callback, null, addresses)
    return void setImmediate(callback, null, addresses[0]?.address, addresses[0]?.family)
  }
  dns.lookup = resolve as typeof lookup // the one overload that sockets call
  try {
    return await play()
  } finally {
    dns.lookup = lookup
  }
}

/** Runs with one more authority that TLS connections of this process trust. */
export async function trusting<T>(authority: string, play: () => Promise<T>): Promise<T> {
  const { connect } = tls
  const trust = (options: tls.ConnectionOptions): tls.TLSSocket => connect({ ...options, ca: authority })
  tls.connect = trust as typeof connect // the one overload that HTTP clients call
  try {
    return await play()
  } finally {
    tls.connect = connect
  }
}
