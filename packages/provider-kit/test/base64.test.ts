import { expect, test } from 'vitest'
import { base64Of } from '../src/index.ts'

test.each<[string, Uint8Array | string, string]>([
  ['bytes', new Uint8Array([251, 255, 254]), '+//+'],
  ['a part of a buffer', new Uint8Array([0, 1, 2, 3, 0]).subarray(1, 4), 'AQID'],
  ['base64', 'AQID', 'AQID'],
  ['padded base64', 'AQ==', 'AQ=='],
  ['nothing', '', ''],
])('%s of a file', (_, data, base64) => {
  expect(base64Of(data)).toBe(base64)
})

test.each(['data:image/png;base64,AQID', 'AQ\nID', '-__-', 'Grüße'])('%j is refused, and not repeated', (data) => {
  expect(() => base64Of(data)).toThrow(expect.objectContaining({ kind: 'config' }))
  expect(() => base64Of(data)).not.toThrow(data)
})

test('a file of many megabytes does not exhaust the stack', () => {
  const data = 'AAAA'.repeat(8 * 1024 * 1024)
  expect(base64Of(data)).toBe(data)
})
