import { test } from 'vitest'
import { testProvider } from '../../src/testing/index.ts'
import { acme } from './acme.ts'
import { samples } from './acme-samples.ts'

testProvider({ test, provider: acme(), wire: samples })
