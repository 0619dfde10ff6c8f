import type { ModelInfo } from '@wayfare/core'
import { isRecord } from '@wayfare/provider-kit'
import { text } from './wire.ts'

/** The models of `GET /models`. */
export function readModels(body: unknown, provider: string): readonly ModelInfo[] {
  const rows: readonly unknown[] = isRecord(body) && Array.isArray(body['models']) ? body['models'] : []
  return rows.flatMap((row) => {
    const id = isRecord(row) ? text(row['id']) : undefined
    return id === undefined ? [] : [{ id, provider }]
  })
}
