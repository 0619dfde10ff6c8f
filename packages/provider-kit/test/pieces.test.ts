import { describe, expect, test } from 'vitest'
import { lines, parseJSON, scan, SSEParser, ToolCallAssembly, tokens, type ToolCallDelta } from '../src/index.ts'
import { failure } from './server.ts'

describe('tool calls that arrive in pieces', () => {
  const call = (id: string, name: string, input: unknown): object => ({ type: 'tool_call', id, name, input })
  test.each<[string, ToolCallDelta[], object[]]>([
    [
      'interleaved by index, the id in the first piece only',
      [
        { index: 0, id: 'a', name: 'one', rawInput: '' },
        { index: 1, id: 'b', name: 'two', rawInput: '{"y"' },
        { index: 0, rawInput: '{"x":1}' },
        { index: 1, rawInput: ':2}' },
      ],
      [call('a', 'one', { x: 1 }), call('b', 'two', { y: 2 })],
    ],
    [
      'with indexes that do not begin at 0, out of order',
      [
        { index: 3, id: 'b', name: 'two', rawInput: '{}' },
        { index: 2, id: 'a', name: 'one', rawInput: '' },
      ],
      [call('a', 'one', {}), call('b', 'two', {})],
    ],
    [
      'without an index',
      [{ id: 'a', name: 'one', rawInput: '{"x":' }, { rawInput: '1}' }, { id: 'b', name: 'two', rawInput: '{}' }],
      [call('a', 'one', { x: 1 }), call('b', 'two', {})],
    ],
    [
      'all at index 0 with ids of their own',
      [
        { index: 0, id: 'a', name: 'one', rawInput: '{}' },
        { index: 0, id: 'b', name: 'one', rawInput: '{"x":2}' },
      ],
      [call('a', 'one', {}), call('b', 'one', { x: 2 })],
    ],
    [
      'whole, all at index 0, without ids',
      [
        { index: 0, id: '', name: 'one', rawInput: '{"x":1}' },
        { index: 0, id: '', name: 'one', rawInput: '{"x":2}' },
      ],
      [call('call_seed_0', 'one', { x: 1 }), call('call_seed_1', 'one', { x: 2 })],
    ],
    [
      'with the name after the arguments',
      [
        { index: 0, id: 'a', rawInput: '{"x":1}' },
        { index: 0, name: 'one', rawInput: '' },
      ],
      [call('a', 'one', { x: 1 })],
    ],
    [
      'with name and id again in every piece',
      [
        { index: 0, id: 'a', name: 'one', rawInput: '{"x"' },
        { index: 0, id: 'a', name: 'one', rawInput: ':1}' },
        { index: 0, id: 'a', name: 'one', rawInput: '' },
      ],
      [call('a', 'one', { x: 1 })],
    ],
    [
      'two with the same id',
      [
        { index: 0, id: 'a', name: 'one', rawInput: '{}' },
        { index: 1, id: 'a', name: 'two', rawInput: '{}' },
      ],
      [call('a', 'one', {}), call('a_2', 'two', {})],
    ],
  ])('%s', (_, deltas, expected) => {
    const assembly = new ToolCallAssembly('seed')
    for (const delta of deltas) assembly.add(delta)
    expect(assembly.size).toBe(expected.length)
    expect(assembly.finish()).toMatchObject(expected)
  })

  test('input that is not JSON, or nested too deeply, marks the call as invalid and is kept', () => {
    const assembly = new ToolCallAssembly()
    assembly.add({ index: 0, id: 'a', name: 'one', rawInput: '{"x":' })
    assembly.add({ index: 1, id: 'b', name: 'two', rawInput: '['.repeat(10_000) })
    const [cut, deep] = assembly.finish()
    expect(cut).toEqual({ type: 'tool_call', id: 'a', name: 'one', rawInput: '{"x":', input: {}, invalid: true })
    expect(deep).toMatchObject({ invalid: true, input: {} })
  })

  test('keys that name a prototype stay plain data', () => {
    const assembly = new ToolCallAssembly()
    assembly.add({ index: 0, id: 'a', name: 'one', rawInput: '{"__proto__":{"polluted":1}}' })
    const [call] = assembly.finish()
    expect(Object.keys(call?.input as object)).toEqual(['__proto__'])
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })

  test('ids that are made are short and plain, whatever the seed', () => {
    const assembly = new ToolCallAssembly('0b8f3c1e-77aa-4b7e-9d6e-2f54e1a0c9d3.1')
    assembly.add({ index: 0, name: 'one', rawInput: '' })
    expect(assembly.finish()[0]?.id).toMatch(/^\w{6,40}$/)
  })

  test.each([4_294_967_294, -1, 0.5, Number.NaN])('an index of %s is a protocol failure', (index) => {
    expect(() => new ToolCallAssembly().add({ index, rawInput: '' })).toThrow(/impossibly/)
  })

  test('too many calls and too much input are refused', () => {
    const many = new ToolCallAssembly()
    for (let index = 0; index < 128; index++) many.add({ index, rawInput: '' })
    expect(() => many.add({ index: 128, rawInput: '' })).toThrow(/128/)
    const large = new ToolCallAssembly()
    expect(() => {
      for (let i = 0; i < 9; i++) large.add({ index: 0, rawInput: ' '.repeat(1024 * 1024) })
    }).toThrow(/8 MiB/)
  })
})

describe('JSON from a server', () => {
  test('is parsed up to 128 levels', () => {
    const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels)
    expect(parseJSON(nested(128))).toBeInstanceOf(Array)
    expect(() => parseJSON(nested(129))).toThrow(/deeper/)
    const quoted = JSON.stringify(`\\"${'['.repeat(500)}`)
    expect(parseJSON(quoted)).toBe(JSON.parse(quoted))
  })

  test('that is broken is a protocol failure without a word of it', () => {
    expect(() => parseJSON('{"secret prompt')).toThrow(/^the server sent something that is not JSON$/)
  })

  test.each([
    [12, 12],
    [12.7, 12],
    [-1, 0],
    [Number.NaN, 0],
    [Infinity, Number.MAX_SAFE_INTEGER],
    ['12', 0],
    [null, 0],
    [undefined, 0],
  ])('a count of tokens given as %s is %i', (given, expected) => {
    expect(tokens(given)).toBe(expected)
  })
})

describe('lines', () => {
  test.each([1, 7, 65_536])('come whole from slices of %i bytes', async (size) => {
    for (const end of ['\n', '\r\n']) {
      const bytes = Buffer.from(`{"a":"Hé👋lo"}${end}${end}{"b":2}${end}{"c":3}`)
      expect((await collect(lines(slices(bytes, size)))).flat()).toEqual(['{"a":"Hé👋lo"}', '{"b":2}', '{"c":3}'])
    }
  })

  test('of one read come together', async () => {
    const bytes = Buffer.from('1\n2\n3\n')
    expect(await collect(lines(slices(bytes, 100)))).toEqual([['1', '2', '3']])
  })
})

test('an event that is too large is response_too_large', async () => {
  const bytes = Buffer.from(`data: ${'x'.repeat(100)}\n\n`)
  expect(() => new SSEParser({ maxEventBytes: 10 }).feed(bytes)).toThrow(
    expect.objectContaining({ kind: 'response_too_large' }),
  )
  expect(await failure(collect(scan(slices(bytes, 7), { maxEventBytes: 10 })))).toMatchObject({
    kind: 'response_too_large',
  })
})

async function* slices(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}
