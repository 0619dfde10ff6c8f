import type { Route, RouteCall } from '../wire.ts'
import { isRecord, text } from '../narrow.ts'
import { chat } from './chat.ts'
import { loaded, modelCard, modelList } from './models.ts'

/** A chat streams unless told not to; one without messages loads the model. */
export function route({ method, path, body }: RouteCall): Route | undefined {
  const request = isRecord(body) ? body : {}
  switch (`${method} ${path}`) {
    case 'POST /api/chat':
      if (Array.isArray(request['messages']) && request['messages'].length === 0) {
        return { kind: 'fixed', body: loaded(text(request['model'])) }
      }
      return { kind: 'chat', chat, model: text(request['model']), stream: request['stream'] !== false }
    case 'GET /api/tags':
      return { kind: 'fixed', body: modelList }
    case 'POST /api/show':
      return { kind: 'fixed', body: modelCard }
    case 'GET /api/version':
      return { kind: 'fixed', body: { version: '0.14.0' } }
    default:
      return undefined
  }
}
