import type { Reply, WireName } from './reply.ts'
import type { EmulatedRequest, Replier } from './request.ts'
import { wires } from './wires.ts'

/** What a request was, while the emulator still writes to it. */
export type RequestRecord = { -readonly [K in keyof EmulatedRequest]: EmulatedRequest[K] }

/** The replies to come and the requests that came. */
export class Script {
  #queues = new Map<WireName, Reply[]>()
  #repliers = new Map<WireName, Replier>()
  #requests: RequestRecord[] = []
  #count = 0

  get requests(): readonly EmulatedRequest[] {
    return this.#requests
  }

  enqueue(wire: WireName, replies: readonly Reply[]): void {
    known(wire)
    const queue = this.#queues.get(wire) ?? []
    queue.push(...replies)
    this.#queues.set(wire, queue)
  }

  answer(wire: WireName, replier: Replier): void {
    known(wire)
    this.#repliers.set(wire, replier)
  }

  reset(): void {
    this.#queues.clear()
    this.#repliers.clear()
    this.#requests = []
  }

  record(request: RequestRecord): void {
    this.#requests.push(request)
  }

  /** An id that no other request of this emulator has. */
  nextId(): string {
    this.#count += 1
    return `emu${String(this.#count).padStart(6, '0')}`
  }

  /** The reply for a request; undefined: the default. Only a chat request takes an answer. */
  next(request: EmulatedRequest, chat: boolean): Reply | undefined {
    const queue = this.#queues.get(request.wire)
    const head = queue?.[0]
    if (head !== undefined && (chat || !isAnswer(head))) return queue?.shift()
    const reply = this.#repliers.get(request.wire)?.(request)
    return reply !== undefined && (chat || !isAnswer(reply)) ? reply : undefined
  }
}

function isAnswer(reply: Reply): boolean {
  return !('raw' in reply) && !('error' in reply)
}

/** For callers without types: a reply for a wire that does not exist would never be sent. */
function known(wire: WireName): void {
  if (Object.hasOwn(wires, wire)) return
  throw new TypeError(`no wire "${String(wire)}"; wires: ${Object.keys(wires).join(', ')}`)
}
