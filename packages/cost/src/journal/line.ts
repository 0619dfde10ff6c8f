import { crc32 } from 'node:zlib'
import { CostStoreError } from '../error.ts'

/** What a reader found: the records, and where the last whole line ends. */
export interface ReadLines {
  readonly records: readonly unknown[]
  /** Bytes up to the end of the last whole line. */
  readonly size: number
  /** Of the last line; the next one builds on it. */
  readonly sum: number
}

/**
 * One record as a line: a checksum in eight hexadecimal digits, a space, JSON. The sum goes over that of the line before as
 * well, so that no line can be lost, doubled or moved unseen.
 */
export function writeLine(json: string, before: number): { readonly line: string; readonly sum: number } {
  const sum = crc32(json, before)
  return { line: `${sum.toString(16).padStart(8, '0')} ${json}\n`, sum }
}

/**
 * The records of a file. What follows the last line end was being written when the process died: it was never acknowledged,
 * and is left out. Any other line that is not as it was written raises a `store` error.
 */
export function readLines(bytes: Buffer, path: string): ReadLines {
  const records: unknown[] = []
  let size = 0
  let sum = 0
  for (;;) {
    const end = bytes.indexOf(10, size)
    const line = end < 0 ? undefined : readLine(bytes.subarray(size, end), sum)
    if (line === undefined) {
      const rest = bytes.subarray(size)
      // A file of other things may lack a line end, too: it is not ours to replace.
      const isOurs = records.length > 0 || /^[0-9a-f]{0,8}( |$)/.test(rest.toString('latin1', 0, 9))
      if (end < 0 && isOurs && !isChanged(rest, sum)) return { records, size, sum }
      throw new CostStoreError(
        records.length === 0
          ? `the file "${path}" is no journal, or one that is damaged at byte 0; nothing is granted, and it stays as it is. Restore it from a copy, or give another path`
          : `the journal "${path}" is damaged at byte ${size}; nothing is granted. Restore it from a copy, or cut it there to go on with the ${records.length} records before`,
      )
    }
    records.push(line.record)
    sum = line.sum
    size = end + 1
  }
}

/** A whole line, of which only the line end is another: that is damage, not an unfinished write. */
function isChanged(rest: Buffer, before: number): boolean {
  return rest.length > 0 && readLine(rest.subarray(0, -1), before) !== undefined
}

function readLine(bytes: Buffer, before: number): { readonly record: unknown; readonly sum: number } | undefined {
  const head = bytes.toString('latin1', 0, 9)
  if (!/^[0-9a-f]{8} $/.test(head)) return undefined
  const sum = Number.parseInt(head, 16)
  if (crc32(bytes.subarray(9), before) !== sum) return undefined
  return { record: JSON.parse(bytes.toString('utf8', 9)) as unknown, sum }
}
