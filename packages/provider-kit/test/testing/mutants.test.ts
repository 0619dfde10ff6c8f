import { expect, test } from 'vitest'
import { providerCases } from '../../src/testing/index.ts'
import { acme } from './acme.ts'
import { samples } from './acme-samples.ts'
import { flaws, type Flaw } from './flaws.ts'

test.each(Object.entries(flaws) as [Flaw, string][])(
  'a provider that %s is found out by %s',
  async (flaw, scenario) => {
    const found = providerCases({ provider: acme(flaw), wire: samples, patienceMs: 300 }).find(
      ({ name }) => name === scenario,
    )
    expect(found?.skip).toBeUndefined()
    await expect(found?.run()).rejects.toBeInstanceOf(Error)
  },
)
