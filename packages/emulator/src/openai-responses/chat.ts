import type { Chat } from '../wire.ts'
import { body, stream, streamError } from './answer.ts'
import { rules } from './rules.ts'

/** OpenAI's second way to chat, below the same base path as its first. */
export const responses: Chat = { rules, stream, body, streamError }
