import type { Route, RouteCall } from '../wire.ts'
import { modelList } from './models.ts'

const call = /^\/models\/([^/:]+):(generateContent|streamGenerateContent)$/

/** A stream without `alt=sse` is a JSON array in pieces, which the emulator does not speak. */
export function route({ method, path, query }: RouteCall): Route | undefined {
  if (method === 'GET' && path === '/models') return { kind: 'fixed', body: modelList }
  const match = method === 'POST' ? call.exec(path) : null
  if (match === null) return undefined
  const stream = match[2] === 'streamGenerateContent'
  if (stream && query.get('alt') !== 'sse') return undefined
  return { kind: 'chat', model: decodeURIComponent(match[1] ?? ''), stream }
}
