/**
 * The base URL that `OLLAMA_HOST` means. The variable tells the server where to listen, so it may lack a scheme and a port,
 * and may name every interface, which for a client is this machine.
 */
export function hostURL(host: string | undefined): string {
  const given = host?.trim().replace(/\/+$/, '') ?? ''
  const match = /^(?:(https?):\/\/)?(\[[^\]]*\]|[^:/]*)(?::(\d+))?(\/.*)?$/i.exec(given)
  // Not a host that can be read: the endpoint will say what is wrong with it.
  if (match === null) return given
  const [, scheme, name = '', port, path = ''] = match
  const everywhere = ['', '0.0.0.0', '[::]', '[::0]', '*'].includes(name)
  const usualPort = scheme === undefined ? '11434' : undefined
  const number = port ?? usualPort
  return `${(scheme ?? 'http').toLowerCase()}://${everywhere ? '127.0.0.1' : name}${number === undefined ? '' : `:${number}`}${path}`
}
