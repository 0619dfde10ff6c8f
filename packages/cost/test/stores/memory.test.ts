import { describe, test } from 'vitest'
import { MemoryStore } from '../../src/index.ts'
import { testStore } from '../../src/testing/index.ts'

describe('memory', () => {
  testStore({ test, open: async () => ({ store: new MemoryStore() }) })
})
