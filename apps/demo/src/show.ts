import type { AnyToolCall, ChatEvent, ChatResponse, ChatStream } from '@wayfare/llm'
import { usd } from './screen.ts'
import type { Screen } from './screen.ts'

const margin = '   '

/** Prints a call as it happens: text as it comes, and every turn that it takes. */
export async function show<C extends AnyToolCall, O>(
  screen: Screen,
  stream: ChatStream<C, O>,
): Promise<ChatResponse<C, O>> {
  let open = false
  const closeLine = (): void => {
    if (open) screen.line()
    open = false
  }
  for await (const event of stream) {
    switch (event.type) {
      case 'attempt_start':
        closeLine()
        screen.line(margin + screen.dim(`asking ${event.target.provider}/${event.target.model}`))
        break
      case 'text_delta':
        if (!open) screen.write(margin)
        open = true
        screen.write(event.text.replaceAll('\n', `\n${margin}`))
        break
      case 'finish':
        closeLine()
        break
      default:
        closeLine()
        tell(screen, event)
    }
  }
  const response = await stream.response()
  screen.line(margin + screen.dim(receipt(response)))
  return response
}

function tell(screen: Screen, event: ChatEvent): void {
  switch (event.type) {
    case 'attempt_failed': {
      const { error, next, waitMs = 0 } = event
      const where = next === undefined ? 'no other target' : `next: ${next.provider}/${next.model}`
      screen.trouble(`${error.kind}: ${error.message} (${where}${waitMs > 0 ? ` in ${Math.ceil(waitMs)} ms` : ''})`)
      break
    }
    case 'reset':
      screen.trouble('reset: what was shown is void, the answer starts again')
      break
    case 'soft_limit':
      screen.trouble(`soft limit: ${usd(event.spentUsd)} spent of ${usd(event.limitUsd)} (${event.scope.kind})`)
      break
    case 'tool_call':
      screen.note(`tool call ${event.toolCall.name}(${JSON.stringify(event.toolCall.input)})`)
      break
  }
}

function receipt({ provider, model, usage, costUsd, attempts }: ChatResponse): string {
  const tries = attempts.length === 1 ? '' : `, ${attempts.length} attempts`
  return `${provider}/${model}: ${usage.input + usage.cacheRead} in, ${usage.output} out, ${usd(costUsd)}${tries}`
}
