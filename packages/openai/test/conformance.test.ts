import { testProvider } from '@wayfare/provider-kit/testing'
import { test } from 'vitest'
import { openai } from '../src/index.ts'
import { chat } from './samples/chat.ts'
import { responses } from './samples/responses.ts'

testProvider({ test, provider: openai, wire: responses })

testProvider({ test, provider: (options) => openai({ api: 'chat', ...options }), wire: chat })
