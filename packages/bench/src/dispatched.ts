import type { Dispatcher } from 'undici'
import { model, prompt } from './client.ts'

export const headers = { 'content-type': 'application/json', authorization: 'Bearer key' }

export function bodyOf(stream: boolean): string {
  return JSON.stringify({
    model,
    stream,
    messages: [{ role: 'user', content: prompt }],
    ...(stream && { stream_options: { include_usage: true } }),
  })
}

/** One answer by the least that undici has for it; the sum of what is taken from its bytes. Loads nothing of undici itself. */
export function dispatched(
  dispatcher: Dispatcher,
  baseURL: string,
  stream: boolean,
  take: (chunk: Buffer) => number,
): Promise<number> {
  const { origin, pathname } = new URL(`${baseURL}/chat/completions`)
  return new Promise((resolve, reject) => {
    let sum = 0
    dispatcher.dispatch(
      { origin, path: pathname, method: 'POST', headers, body: bodyOf(stream) },
      {
        onRequestStart: () => {},
        onResponseStart: () => {},
        onResponseData: (_, chunk) => (sum += take(chunk)),
        onResponseEnd: () => resolve(sum),
        onResponseError: (_, error) => reject(error),
      },
    )
  })
}
