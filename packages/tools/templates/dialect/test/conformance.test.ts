import { chatSamples } from '@wayfare/openai-compatible/testing'
import { testProvider } from '@wayfare/provider-kit/testing'
import { test } from 'vitest'
import { acmeVendor } from '../src/index.ts'

testProvider({
  test,
  provider: acmeVendor,
  // Replace an answer by what the vendor really sends, or by the reason why it never does.
  wire: chatSamples({
    name: 'acme-vendor',
    model: 'small',
    body: { stream_options: { include_usage: true } },
    answers: {},
  }),
})
