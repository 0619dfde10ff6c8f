import { testProvider } from '@wayfare/provider-kit/testing'
import { test } from 'vitest'
import { ollama } from '../src/index.ts'
import { samples } from './samples/samples.ts'

testProvider({ test, provider: ollama, wire: samples })
