import { LLMError } from '@wayfare/core'
import { AnswerHeaders } from './answer-headers.ts'
import { ByteQueue } from './byte-queue.ts'
import type { Exchange, ExchangeRequest, Transport } from './exchange.ts'
import { cancelled, timedOut } from './failures.ts'
import { socketError, type Stage } from './socket-error.ts'
import { Watch } from './watch.ts'

/** The transport on a `fetch` that the user brings. It cannot see when a connection stands: the first byte's timer covers it. */
export function fetchTransport(fetch: typeof globalThis.fetch): Transport {
  return { send: (request) => send(fetch, request), close: async () => {} }
}

async function send(fetch: typeof globalThis.fetch, request: ExchangeRequest): Promise<Exchange> {
  if (request.signal.aborted || request.holder?.left) throw cancelled(request)
  const controller = new AbortController()
  let stage: Stage = 'headers'
  let stopped: LLMError | undefined
  let over = false
  let fail: (error: LLMError) => void = () => {}
  const failed = new Promise<never>((_, reject) => (fail = reject))
  const stop = (error: LLMError): void => {
    if (over) return
    stopped = error
    finish()
    controller.abort(error)
    // Not every fetch looks at its signal, and some that unpack a body never say that they were aborted.
    fail(error)
  }
  const watch = new Watch(request.clock, { expired: () => stop(timedOut(request, stage)) })
  const abort = (): void => stop(cancelled(request))
  const finish = (): void => {
    over = true
    watch.clear()
    request.signal.removeEventListener('abort', abort)
  }
  request.signal.addEventListener('abort', abort)
  request.holder?.hold({ stop: async () => abort() })
  watch.arm(request.timeout.firstByteMs)
  try {
    const { method, body = null } = request
    // Copies: a fetch may change what it is given, and the originals are those of the next request, too.
    const headers = { ...request.headers }
    const url = new URL(request.url)
    const asked = fetch(url, { method, headers, body, redirect: 'manual', signal: controller.signal })
    const response = await Promise.race([asked, failed])
    stage = 'body'
    watch.disarm()
    // A browser hides what it refused to follow.
    const status = response.type === 'opaqueredirect' ? 302 : response.status
    const reader = response.body?.getReader()
    // What a fetch hands out is unpacked already.
    const answered = { ...Object.fromEntries(response.headers), 'content-encoding': undefined }
    return { status, headers: new AnswerHeaders(answered), body: read(reader) }
  } catch (error) {
    finish()
    throw stopped ?? socketError(error, stage, request.facts)
  }

  function read(reader: ReadableStreamDefaultReader<Uint8Array> | undefined): ByteQueue {
    let pulling = false
    const pull = async (): Promise<void> => {
      if (pulling) return
      pulling = true
      try {
        const next = await reader?.read()
        pulling = false
        if (next === undefined || next.done) {
          finish()
          queue.end()
        } else if (next.value.length > 0) queue.push(next.value)
        else await pull()
      } catch (error) {
        finish()
        queue.fail(stopped ?? socketError(error, stage, request.facts))
      }
    }
    const queue = new ByteQueue({
      waiting: (yes) => {
        if (!yes) return watch.disarm()
        watch.arm(request.timeout.idleMs)
        void pull()
      },
      pause: () => {},
      resume: () => {},
      stop: async () => {
        if (!over) stop(cancelled(request))
        await reader?.cancel().catch(() => {})
      },
    })
    fail = (error) => queue.fail(error)
    return queue
  }
}
