import type { Chat } from '../wire.ts'
import { body, stream } from './answer.ts'
import { streamError } from './failure.ts'
import { rules } from './rules.ts'

export const chat: Chat = { rules, stream, body, streamError }
