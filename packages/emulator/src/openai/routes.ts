import type { Chat, Route, RouteCall } from '../wire.ts'
import { isRecord, text } from '../narrow.ts'
import { responses } from '../openai-responses/chat.ts'
import { chat } from './chat.ts'
import { modelList } from './models.ts'

export function route({ method, path, body }: RouteCall): Route | undefined {
  const way = method === 'POST' ? ways[path] : undefined
  if (way !== undefined) {
    const request = isRecord(body) ? body : {}
    return { kind: 'chat', chat: way, model: text(request['model']), stream: request['stream'] === true }
  }
  if (method === 'GET' && path === '/models') return { kind: 'fixed', body: modelList }
  return undefined
}

const ways: Readonly<Record<string, Chat>> = { '/chat/completions': chat, '/responses': responses }
