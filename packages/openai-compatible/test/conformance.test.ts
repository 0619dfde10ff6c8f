import { testProvider } from '@wayfare/provider-kit/testing'
import { test } from 'vitest'
import { openaiCompatible } from '../src/index.ts'
import { chatSamples } from '../src/testing/index.ts'

testProvider({
  test,
  provider: (options) => openaiCompatible({ name: 'local', ...options }),
  wire: chatSamples({ name: 'openai-compatible', model: 'small' }),
})
