import { testProvider } from '@wayfare/provider-kit/testing'
import { test } from 'vitest'
import { anthropic } from '../src/index.ts'
import { samples } from './samples/samples.ts'

testProvider({ test, provider: anthropic, wire: samples })
