import { calcPrice, findProvider } from '@pydantic/genai-prices'
import { describe, expect, test } from 'vitest'
import { clouds } from '../../pricing/src/clouds.ts'
import { PriceRegistry } from '../../pricing/src/index.ts'
import { snapshot } from '../../pricing/src/snapshot.ts'
import type { PackedCard, PackedVendor } from '../../pricing/src/unpack.ts'
import { diffPrices } from '../src/prices/diff.ts'
import { mergeVendors } from '../src/prices/merge.ts'
import { renderList } from '../src/prices/render.ts'

const overrides = new URL('../../pricing/overrides.json', import.meta.url)

test.each([
  ['vendors', snapshot],
  ['clouds', clouds],
] as const)('the list of %s is what `pnpm prices` would write', (section, list) => {
  expect(list.vendors).toEqual(mergeVendors(overrides, section))
})

test('a rendered list reads back as it was', () => {
  const text = renderList('snapshot', { source: 's', date: '2026-01-01', vendors: snapshot.vendors })
  const [, json] = /JSON\.parse\(`(.*)`\)/s.exec(text) ?? []
  expect(JSON.parse(json ?? '')).toEqual(snapshot.vendors)
})

/** What we correct by hand differs on purpose. */
const corrected = new Set(['deepseek', 'mistral/mistral-large-latest', 'mistral/codestral-latest'])
const sources = [
  ['openai', 'openai'],
  ['anthropic', 'anthropic'],
  ['google', 'google'],
  ['xai', 'x-ai'],
  ['groq', 'groq'],
  ['mistral', 'mistral'],
  ['cohere', 'cohere'],
  ['fireworks', 'fireworks'],
  ['together', 'together'],
  ['cerebras', 'cerebras'],
  ['moonshot', 'moonshotai'],
] as const

describe.each(sources)('our prices of %s are those of the library, for every name that both know', (vendor, source) => {
  const prices = new PriceRegistry()
  const names =
    snapshot.vendors.find((packed) => packed.names[0] === vendor)?.models.flatMap(([ids]) => ids.split(' ')) ?? []
  const provider = findProvider({ providerId: source })
  const at = Date.parse('2026-11-25T12:00:00Z')
  test.each([
    [1_000, 500],
    [300_000, 500],
  ])('%d tokens in, %d out', (input, output) => {
    let compared = 0
    for (const name of names.map((id) => id.replace('*', ''))) {
      if (corrected.has(`${vendor}/${name}`)) continue
      const usage = {
        input: input * 0.4,
        cacheRead: input * 0.4,
        cacheWrite: input * 0.2,
        cacheWrite1h: 0,
        output,
        reasoning: 0,
        total: input + output,
      }
      const ours = prices.price({ provider: vendor, model: name, usage, at })
      const theirs =
        provider &&
        calcPrice(
          {
            input_tokens: input,
            cache_read_tokens: usage.cacheRead,
            cache_write_tokens: usage.cacheWrite,
            output_tokens: output,
          },
          name,
          { provider, timestamp: new Date(at) },
        )
      // A prefix of the library need not be a name in it.
      if (!theirs) continue
      expect({ name, usd: ours.usd?.toFixed(9) }).toEqual({ name, usd: theirs.total_price.toFixed(9) })
      compared++
    }
    expect(compared).toBeGreaterThanOrEqual(names.length * 0.7)
  })
})

describe('a new list is not believed blindly', () => {
  const vendor = (models: PackedVendor['models']): PackedVendor[] => [{ names: ['v'], models }]
  const before = vendor([
    ['a b', [1, 2]],
    ['c', [1, 2]],
    ['d', [1, 2]],
    ['e*', [1, 2], '2026-01-01', [3, 4]],
  ])

  test('what changed is listed, a line each: names, cards of the past and tiers too', () => {
    const after = vendor([
      ['a b2', [1, 2]],
      ['c', [1, 2, { t: [[200, 2, 4]] }]],
      ['d', [1, 3]],
      ['f', [5, 6]],
    ])
    expect(diffPrices(before, after)).toEqual({
      lines: [
        '~ v/a "a b" -> "a b2"',
        '~ v/c [[1,2]] -> [[1,2,{"t":[[200,2,4]]}]]',
        '~ v/d [[1,2]] -> [[1,3]]',
        '+ v/f [[5,6]]',
        '- v/e',
      ],
      doubts: [],
    })
    const past = vendor([...before[0]!.models.slice(0, 3), ['e*', [1, 9], '2026-01-01', [3, 4]]])
    expect(diffPrices(before, past).lines).toEqual(['~ v/e [[1,2],"2026-01-01",[3,4]] -> [[1,9],"2026-01-01",[3,4]]'])
  })

  test('a list that shrinks by more than three tenths is doubted, and so is one vendor of it', () => {
    const after = vendor(before[0]!.models.slice(0, 2))
    expect(diffPrices(before, after).doubts).toEqual(['2 of 4 models vanished', '2 of 4 models of v/ vanished'])
    const large: PackedVendor = {
      names: ['w'],
      models: Array.from({ length: 20 }, (_, i): PackedVendor['models'][number] => [`w${i}`, [1, 2]]),
    }
    expect(diffPrices([...before, large], [...after, large]).doubts).toEqual(['2 of 4 models of v/ vanished'])
  })

  test.each<[string, PackedCard, PackedCard, boolean]>([
    ['input', [1, 2], [11, 2], true],
    ['output', [1, 2], [1, 0.1], true],
    ['tenfold is not more', [1, 2], [10, 2], false],
    ['input that is free of a sudden', [1, 2], [0, 2], true],
    ['a free model that costs', [0, 0], [1, 2], true],
    ['cache reads', [1, 2, 0.1], [1, 2, 1.5], true],
    ['cache reads without a rate', [1, 2, 0.1], [1, 2], false],
    ['a tier', [1, 2, { t: [[200, 2, 4]] }], [1, 2, { t: [[200, 2, 44]] }], true],
    ['a tier that is gone', [1, 2, { t: [[200, 2, 4]] }], [1, 2], true],
  ])('a rate that moves more than tenfold is doubted: %s', (_, was, is, doubted) => {
    const { doubts } = diffPrices(vendor([['m', was]]), vendor([['m', is]]))
    expect(doubts).toEqual(doubted ? ['v/m moved more than tenfold'] : [])
  })
})
