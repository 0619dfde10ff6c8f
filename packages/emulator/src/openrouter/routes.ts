import type { Route, RouteCall } from '../wire.ts'
import { isRecord, items, text } from '../narrow.ts'
import { credits, keyInfo } from './account.ts'
import { chat } from './chat.ts'
import { modelList } from './models.ts'

export function route({ method, path, body }: RouteCall): Route | undefined {
  if (method === 'POST' && path === '/chat/completions') {
    const request = isRecord(body) ? body : {}
    const model = text(request['model']) || text(items(request['models'])[0])
    return { kind: 'chat', chat, model, stream: request['stream'] === true }
  }
  if (method !== 'GET') return undefined
  if (path === '/models') return { kind: 'fixed', body: modelList, open: true }
  if (path === '/key') return { kind: 'fixed', body: keyInfo }
  if (path === '/credits') return { kind: 'fixed', body: credits }
  return undefined
}
