import type { ProviderMessage, ToolResultPart } from '@wayfare/core'

/** The messages, with tool messages that follow each other as one: many vendors want the results of a turn together. */
export function joinToolMessages(messages: readonly ProviderMessage[]): readonly ProviderMessage[] {
  const joined: ProviderMessage[] = []
  let results: ToolResultPart[] | undefined
  for (const message of messages) {
    if (message.role !== 'tool') {
      results = undefined
      joined.push(message)
    } else if (results === undefined) {
      results = [...message.content]
      joined.push({ role: 'tool', content: results })
    } else for (const part of message.content) results.push(part)
  }
  return joined
}
