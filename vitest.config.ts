import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

const conditions = ['@wayfare/source']
const report = process.env['TEST_REPORT']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts'],
    isolate: false,
    pool: 'threads',
    // Some tests wait for a timer: meanwhile another one has the processor.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    // A busy machine may be slow; a test that waits for ever still ends.
    testTimeout: 20_000,
    hookTimeout: 20_000,
    coverage: { provider: 'v8', include: ['packages/*/src/**'], reporter: ['text-summary', 'lcov'] },
    ...(report !== undefined && { reporters: ['default', 'json'], outputFile: { json: report } }),
  },
})
