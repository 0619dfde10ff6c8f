import type { Route, RouteCall } from '../wire.ts'
import { chat } from './chat.ts'
import { modelList } from './models.ts'

const methods = /^\/models\/([^/:]+):(generateContent|streamGenerateContent)$/

/** A stream without `alt=sse` is a JSON array in pieces, which the emulator does not speak. */
export function route({ method, path, query }: RouteCall): Route | undefined {
  if (method === 'GET' && path === '/models') return { kind: 'fixed', body: modelList }
  const match = method === 'POST' ? methods.exec(path) : null
  if (match === null) return undefined
  const stream = match[2] === 'streamGenerateContent'
  if (stream && query.get('alt') !== 'sse') return undefined
  return { kind: 'chat', chat, model: decoded(match[1] ?? ''), stream }
}

/** The name as it was before it went into the path; as it stands when it is no valid escape. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
