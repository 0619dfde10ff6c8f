import { testProvider } from '@wayfare/provider-kit/testing'
import { test } from 'vitest'
import { acmeVendor } from '../src/index.ts'
import { samples } from './samples.ts'

testProvider({ test, provider: acmeVendor, wire: samples })
