import type { CallDefaults } from './contract/call.ts'
import type { Message } from './contract/message.ts'
import type { ProviderMessage } from './contract/provider.ts'
import { LLMError } from './error.ts'
import { isObject } from './is-object.ts'
import { checkPart, isRole } from './parts.ts'

/** What a provider gets: parts only, the system prompt first. */
export function toProviderMessages(
  messages: string | readonly Message[],
  system: CallDefaults['system'],
): readonly ProviderMessage[] {
  if (typeof messages !== 'string' && !Array.isArray(messages)) {
    throw new LLMError('config', 'messages must be a string or a list of messages')
  }
  if (messages.length === 0) {
    throw new LLMError('config', 'messages is empty; give at least one user message')
  }
  const own: readonly ProviderMessage[] =
    typeof messages === 'string'
      ? [{ role: 'user', content: [{ type: 'text', text: messages }] }]
      : Array.from<Message, ProviderMessage>(messages, resolve)
  if (system === undefined || system.length === 0) return own
  return [{ role: 'system', content: typeof system === 'string' ? [{ type: 'text', text: system }] : system }, ...own]
}

function resolve(message: Message, index: number): ProviderMessage {
  if (!isObject(message) || !isRole(message.role)) {
    throw new LLMError('config', `messages[${index}] needs a role: system, user, assistant or tool`)
  }
  const { role, content } = message
  if (typeof content === 'string') {
    if (role === 'tool')
      throw new LLMError(
        'config',
        `messages[${index}] is a tool message: its content is a list of results, as toolResult() makes them`,
      )
    return { role, content: [{ type: 'text', text: content }] }
  }
  if (!Array.isArray(content))
    throw new LLMError('config', `messages[${index}].content must be a string or a list of parts`)
  for (const [at, part] of content.entries()) checkPart(part, role, `messages[${index}].content[${at}]`)
  return { role, content } as ProviderMessage // the contract ties the parts to the role
}
