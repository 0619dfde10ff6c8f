import { testProvider } from '@wayfare/provider-kit/testing'
import { test } from 'vitest'
import { google } from '../src/index.ts'
import { samples } from './samples/samples.ts'

testProvider({ test, provider: google, wire: samples })
