import { describe, expect, test } from 'vitest'
import { providerCases, testProvider, type TestFunction, type WireSamples } from '../../src/testing/index.ts'
import { acme } from './acme.ts'
import { samples } from './acme-samples.ts'

/** A runner that only notes what was declared. */
function runner(): TestFunction & { readonly declared: Map<string, () => Promise<void>>; readonly skipped: string[] } {
  const declared = new Map<string, () => Promise<void>>()
  const skipped: string[] = []
  const declare = (title: string, run: () => Promise<void>): unknown => declared.set(title, run)
  return Object.assign(declare, { declared, skipped, skip: (title: string) => skipped.push(title) })
}

function titled({ declared }: ReturnType<typeof runner>, name: string): () => Promise<void> {
  const found = [...declared].find(([title]) => title.startsWith(`acme ${name}: `))
  if (found === undefined) throw new Error(`no test of ${name}`)
  return found[1]
}

test('there are many scenarios, each with a name of its own', () => {
  const names = providerCases({ provider: acme(), wire: samples }).map(({ name }) => name)
  expect(names.length).toBeGreaterThan(80)
  expect(new Set(names).size).toBe(names.length)
})

describe('what has no sample', () => {
  const wire: WireSamples = { ...samples, answers: { ...samples.answers, blocks: { absent: 'there is one block' } } }

  test('is skipped with its reason, or with "no sample"', () => {
    const seen = runner()
    testProvider({ test: seen, provider: acme(), wire })
    expect(seen.skipped).toContain('acme blocks: blocks of text stay apart (skipped: there is one block)')
    expect(seen.skipped).toContain('acme finish_pause: a turn that can be continued says so (skipped: no sample)')
    expect([...seen.declared.keys()].filter((title) => title.startsWith('acme blocks'))).toEqual([])
  })

  test('is an empty test where the runner cannot skip', async () => {
    const { declared } = runner()
    testProvider({ test: (title, run) => declared.set(title, run), provider: acme(), wire })
    await declared.get('acme blocks: blocks of text stay apart (skipped: there is one block)')?.()
    expect(declared.size).toBe(providerCases({ provider: acme(), wire }).length)
  })

  test('takes what is made of it along', () => {
    const seen = runner()
    const { tool_call: _, ...answers } = samples.answers
    testProvider({ test: seen, provider: acme(), wire: { ...samples, answers } })
    expect(seen.skipped.filter((title) => title.includes('(skipped: no sample "tool_call")'))).toHaveLength(3)
  })
})

describe('a known failure', () => {
  const provider = acme('finishes twice')

  test('must fail', async () => {
    const seen = runner()
    testProvider({ test: seen, provider, wire: samples, knownFailures: { text: 'not done yet' } })
    await titled(seen, 'text')()
    expect([...seen.declared.keys()].filter((title) => title.endsWith('(known failure: not done yet)'))).toHaveLength(1)
  })

  test('that passes is one no more', async () => {
    const seen = runner()
    testProvider({ test: seen, provider: acme(), wire: samples, knownFailures: { text: 'not done yet' } })
    await expect(titled(seen, 'text')()).rejects.toThrow('text passes by now: take it out of knownFailures')
  })

  test('must be a scenario that is played', () => {
    const declare = (): void =>
      testProvider({ test: runner(), provider, wire: samples, knownFailures: { finish_pause: 'x' } })
    expect(declare).toThrow('"finish_pause" is a known failure, but no scenario that is played')
  })
})

test('a sample that no scenario plays is refused', () => {
  const wire: WireSamples = { ...samples, answers: { ...samples.answers, txet: { body: '' } } }
  expect(() => providerCases({ provider: acme(), wire })).toThrow('there is a sample "txet" of acme')
})
