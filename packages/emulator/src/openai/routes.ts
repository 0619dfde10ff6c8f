import type { Route, RouteCall } from '../wire.ts'
import { isRecord, text } from '../narrow.ts'
import { chat } from './chat.ts'
import { modelList } from './models.ts'

export function route({ method, path, body }: RouteCall): Route | undefined {
  if (method === 'POST' && path === '/chat/completions') {
    const request = isRecord(body) ? body : {}
    return { kind: 'chat', chat, model: text(request['model']), stream: request['stream'] === true }
  }
  if (method === 'GET' && path === '/models') return { kind: 'fixed', body: modelList }
  return undefined
}
