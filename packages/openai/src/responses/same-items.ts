import { isCall, type OutputItem } from './item.ts'
import { text, type WireItem } from './wire.ts'

/**
 * Which items of the stream the items of the final output are. By their ids, else by their places; then, because some servers
 * count or name them anew, texts by their order, and calls by it where one has no id. What is left stands in the output alone.
 */
export function sameItems(
  finals: readonly WireItem[],
  streamed: readonly OutputItem[],
): ReadonlyMap<WireItem, OutputItem> {
  const same = new Map<WireItem, OutputItem>()
  const left = new Set(streamed)
  for (const alike of [hasSameId, hasSamePlace, mayBeSame]) {
    for (const [index, final] of finals.entries()) {
      if (same.has(final)) continue
      const found = [...left].find((one) => one.type === final.type && alike(one, final, index))
      if (found === undefined) continue
      same.set(final, found)
      left.delete(found)
    }
  }
  return same
}

function hasSameId({ item }: OutputItem, final: WireItem): boolean {
  return ['call_id', 'id'].some((field) => text(final[field]) !== undefined && item[field] === final[field])
}

function hasSamePlace(one: OutputItem, _: WireItem, index: number): boolean {
  return one.index === index
}

function mayBeSame({ item }: OutputItem, final: WireItem): boolean {
  return !isCall(final) || idOf(item) === undefined || idOf(final) === undefined
}

function idOf(item: WireItem): string | undefined {
  return text(item['call_id']) ?? text(item['id'])
}
