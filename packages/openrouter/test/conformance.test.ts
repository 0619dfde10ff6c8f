import { testProvider } from '@wayfare/provider-kit/testing'
import { test } from 'vitest'
import { openrouter } from '../src/index.ts'
import { samples } from './samples/samples.ts'

testProvider({ test, provider: openrouter, wire: samples })
