import { readFileSync } from 'node:fs'
import { normalise } from '../../../pricing/src/normalise.ts'
import type { ServiceTier } from '../../../pricing/src/rates.ts'
import type { PackedCard, PackedExtras, PackedModel, PackedVendor } from '../../../pricing/src/unpack.ts'
import { readVendor } from './source.ts'

/** A vendor of `overrides.json`. Names that end in a star stand for all that begin so. */
interface VendorOverrides {
  /** The library's name of the vendor; absent when it does not list it. */
  readonly source?: string
  readonly names: readonly string[]
  readonly serviceTiers?: { readonly [tier: string]: ServiceTier }
  readonly freeUnless?: readonly string[]
  /** Service tiers of single models. */
  readonly tiers?: { readonly [id: string]: { readonly [tier: string]: ServiceTier } }
  readonly keep?: readonly string[]
  readonly drop?: readonly string[]
  /** More names of a model. */
  readonly more?: { readonly [id: string]: string }
  /** Names of models that the vendor itself does not know. */
  readonly dropNames?: readonly string[]
  readonly models: readonly PackedModel[]
}

/** The library's vendors that we bundle, with what was corrected by hand. */
export function mergeVendors(overridesFile: URL): PackedVendor[] {
  // The file is ours and reviewed; the tests price every row of what comes out.
  const { vendors } = JSON.parse(readFileSync(overridesFile, 'utf8')) as { vendors: readonly VendorOverrides[] }
  return vendors.map((vendor) => {
    const read = vendor.source === undefined ? [] : readVendor(vendor.source)
    const replaced = new Set([...vendor.models.map(firstId), ...(vendor.drop ?? [])])
    const kept = read.filter(
      (model) =>
        !isNamed(firstId(model), replaced) && (vendor.keep === undefined || isNamed(firstId(model), vendor.keep)),
    )
    const models = [...kept, ...vendor.models].sort((a, b) => (firstId(a) < firstId(b) ? -1 : 1))
    return {
      names: vendor.names,
      ...(vendor.serviceTiers === undefined ? {} : { serviceTiers: vendor.serviceTiers }),
      ...(vendor.freeUnless === undefined ? {} : { freeUnless: vendor.freeUnless }),
      models: shortest(models.map((model) => completed(model, vendor))),
    }
  })
}

function firstId([names]: PackedModel): string {
  return bare(names.split(' ')[0] ?? '')
}

/** A first name with a star is an id and a prefix. */
function bare(name: string): string {
  return name.endsWith('*') ? name.slice(0, -1) : name
}

function isNamed(id: string, names: Iterable<string>): boolean {
  for (const name of names) if (name === id || (name.endsWith('*') && id.startsWith(name.slice(0, -1)))) return true
  return false
}

function completed([names, card, ...changes]: PackedModel, vendor: VendorOverrides): PackedModel {
  const id = bare(names.split(' ')[0] ?? '')
  const known = names.split(' ').filter((name) => !isNamed(name, vendor.dropNames ?? []))
  const tiers = vendor.tiers?.[id]
  return [
    [known, vendor.more?.[id] ?? []].flat().join(' '),
    tiers === undefined ? card : withExtras(card, { tiers }),
    ...changes,
  ]
}

function withExtras(card: PackedCard, extras: PackedExtras): PackedCard {
  const numbers = card.filter((part) => typeof part === 'number')
  return [...numbers, { ...card.find((part) => typeof part === 'object'), ...extras }]
}

/** Leaves out the names that lead to the same row without being listed. */
function shortest(models: readonly PackedModel[]): PackedModel[] {
  const owners = new Map<string, PackedModel>()
  for (const model of models) for (const name of model[0].split(' ')) if (!owners.has(name)) owners.set(name, model)
  return models.map((model) => {
    const [first = '', ...others] = model[0].split(' ')
    const needed = others.filter((name) => {
      if (name.endsWith('*')) return true
      const plain = normalise(name).id
      return plain === name || owners.get(plain) !== model
    })
    return [[first, ...needed].join(' '), model[1], ...model.slice(2)] as PackedModel
  })
}
