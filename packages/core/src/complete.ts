import type { ChatEvent, ChatResponse } from './contract/response.ts'
import type { AnyToolCall } from './contract/tool.ts'
import type { Engine } from './engine.ts'
import { LLMError } from './error.ts'
import { Listener } from './listener.ts'
import type { CallDraft } from './resolve.ts'
import { CallRun } from './run.ts'
import type { EventSink } from './run.ts'

const deaf: EventSink = { offer: () => true }

/** Runs a call whose events nobody pulls: they go as they come. Its tools and its output decide C and O. */
export function completeCall<C extends AnyToolCall, O>(
  engine: Engine,
  draft: CallDraft,
  onEvent: ((event: ChatEvent<C, O>) => void) | undefined,
): Promise<ChatResponse<C, O>> {
  const run = new CallRun(engine, draft, { face: 'events' })
  // The types of tools and output are erased in a run, and checked by resolveCall and answer, which the types describe.
  const response = onEvent === undefined ? run.run(deaf) : runTold(run, onEvent as (event: ChatEvent) => void)
  return response as Promise<ChatResponse<C, O>>
}

async function runTold(run: CallRun, onEvent: (event: ChatEvent) => void): Promise<ChatResponse> {
  const listener = new Listener(onEvent)
  try {
    return await run.run({ offer: (events) => tell(run, listener, events) })
  } finally {
    // What it threw is what the caller hears.
    listener.check()
  }
}

function tell(run: CallRun, listener: Listener<ChatEvent>, events: readonly ChatEvent[]): true {
  try {
    for (const event of events) listener.tell(event)
    return true
  } catch (thrown) {
    run.guard.cut(new LLMError('cancelled', 'the listener of the call threw; see its cause', { cause: thrown }))
    throw thrown
  }
}
