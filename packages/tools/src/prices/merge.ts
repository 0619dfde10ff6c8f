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
  /** Vendors whose models are sold here at their list prices. */
  readonly resells?: readonly string[]
  /** Models are named by their id alone, without versions and `regional.`. */
  readonly idsOnly?: boolean
  /** Service tiers of single models. */
  readonly tiers?: { readonly [id: string]: { readonly [tier: string]: ServiceTier } }
  /** Factors by region of single models. */
  readonly geo?: { readonly [id: string]: { readonly [region: string]: number } }
  readonly keep?: readonly string[]
  readonly drop?: readonly string[]
  /** More names of a model. */
  readonly more?: { readonly [id: string]: string }
  /** Names of models that the vendor itself does not know. */
  readonly dropNames?: readonly string[]
  readonly models: readonly PackedModel[]
}

/** A list that is bundled by itself. */
export type Section = 'vendors' | 'clouds'

/** The library's vendors that we bundle, with what was corrected by hand. */
export function mergeVendors(overridesFile: URL, section: Section): PackedVendor[] {
  // The file is ours and reviewed; the tests price every row of what comes out.
  const sections = JSON.parse(readFileSync(overridesFile, 'utf8')) as { [K in Section]: readonly VendorOverrides[] }
  return sections[section].map((vendor) => {
    const read = vendor.source === undefined ? [] : readVendor(vendor.source, vendor.idsOnly ? plainName : undefined)
    const replaced = new Set([...vendor.models.map(firstId), ...(vendor.drop ?? [])])
    const kept = read.filter(
      (model) =>
        !isNamed(firstId(model), replaced) && (vendor.keep === undefined || isNamed(firstId(model), vendor.keep)),
    )
    const models = [...kept, ...vendor.models].sort((a, b) => (firstId(a) < firstId(b) ? -1 : 1))
    return {
      names: vendor.names,
      ...(vendor.serviceTiers === undefined ? {} : { serviceTiers: vendor.serviceTiers }),
      ...(vendor.resells === undefined ? {} : { resells: vendor.resells }),
      ...(vendor.freeUnless === undefined ? {} : { freeUnless: vendor.freeUnless }),
      models: shortest(models.map((model) => completed(model, vendor))),
    }
  })
}

/** A row of one region keeps its name; one of all regions but `global` is the row of the model. */
function plainName(id: string): string {
  const { id: plain, geo } = normalise(id.replace(/^regional\./, '').toLowerCase())
  return geo === undefined ? plain : `${geo}.${plain}`
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
  const geo = vendor.geo?.[id]
  const extras = { ...(tiers !== undefined && { tiers }), ...(geo !== undefined && { geo }) }
  return [
    [known, vendor.more?.[id] ?? []].flat().join(' '),
    withExtras(card, extras),
    ...changes.map((part) => (typeof part === 'string' ? part : withExtras(part, extras))),
  ]
}

function withExtras(card: PackedCard, extras: PackedExtras): PackedCard {
  if (Object.keys(extras).length === 0) return card
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
