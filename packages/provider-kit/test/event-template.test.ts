import { expect, test } from 'vitest'
import { EventTemplate, type TemplateHoles } from '../src/index.ts'

const holes: TemplateHoles = { at: ['delta'], ignored: ['obfuscation', 'n'] }

function taught(data: string, where: TemplateHoles = holes, name?: string): EventTemplate {
  const template = new EventTemplate(where)
  template.learn(data, JSON.parse(data), name)
  return template
}

function parsedFrom(stream: Buffer): string[] {
  const lines = stream.toString().split('\n\n').slice(0, -1)
  return lines.map((line) => (JSON.parse(line.slice(6)) as { readonly delta: string }).delta)
}

const shapes: readonly [TemplateHoles, (text: string, n: number) => object][] = [
  [holes, (delta, n) => ({ type: 'x', n, index: 3, delta, list: [], obfuscation: 'aB3'.repeat(n % 5) })],
  [holes, (delta, n) => ({ obfuscation: '', delta, type: 'x', n })],
  [holes, (delta) => ({ type: 'x', delta })],
  [
    { at: ['choices', 0, 'delta', 'content'] },
    (content) => ({ id: 'c', choices: [{ delta: { content }, end: null }] }),
  ],
  [{ at: ['delta', 'text'] }, (text) => ({ type: 'x', index: 0, delta: { type: 'text_delta', text } })],
]
const pieces = [
  '',
  'x',
  'Hé👋lo',
  '"',
  '\\',
  '\\"',
  '","delta":"x',
  '"}}]}',
  '\n\0\u2028',
  '\ud800',
  'a longer piece of text',
]

test.each(shapes)('%j: each piece is read as it was written, however it is spaced', (where, shape) => {
  for (const space of [0, 1]) {
    const write = (text: string, n: number): string => JSON.stringify(shape(text, n), null, space).replaceAll('\n', ' ')
    for (const first of pieces) {
      const template = taught(write(first, 7), where)
      for (const [n, piece] of pieces.entries()) expect(template.read(write(piece, n * 7))).toBe(piece)
    }
  }
})

const event = '{"type":"x","n":1,"delta":"a","obfuscation":"b"}'

test.each([
  '{"type":"y","n":1,"delta":"a","obfuscation":"b"}',
  '{"type":"x","n":1,"delta":null,"obfuscation":"b"}',
  '{"type":"x","n":01,"delta":"a","obfuscation":"b"}',
  '{"type":"x","n":1.5,"delta":"a","obfuscation":"b"}',
  '{"type":"x","n":-1,"delta":"a","obfuscation":"b"}',
  '{"type":"x","n":1e3,"delta":"a","obfuscation":"b"}',
  '{"type":"x","n":,"delta":"a","obfuscation":"b"}',
  '{"type":"x","n":12345678901234567890,"delta":"a","obfuscation":"b"}',
  '{"type":"x","n":1,"delta":"a","obfuscation":"b\\""}',
  '{"type":"x","n":1,"delta":"a","obfuscation":"b","delta":"c"}',
  '{"type":"x","n":1,"delta":"a","more":"","obfuscation":"b"}',
  '{"type":"x","n":1,"delta":"a\u0001","obfuscation":"b"}',
  '{"type":"x","n":1,"delta":"a","obfuscation":"b"}}',
  '{"type":"x","n":1,"delta":"a","obfuscation":"b"',
  '{"type":"x","n":1,"delta":"a',
  '',
])('%s is left to the parser', (data) => {
  expect(taught(event).read(data)).toBeUndefined()
})

test.each<[string, TemplateHoles]>([
  ['{"delta":"a","delta":"b"}', holes],
  ['{"inner":{"delta":"a"},"delta":"b"}', holes],
  ['{"delta":1}', holes],
  ['{"other":"a"}', holes],
  ['{"delta":"a","inner":{"n":1}}', holes],
  ['{"delta":"a","n":true}', holes],
  ['{"choices":[{"x":{"content":"decoy"},"delta":{"content":"a"}}]}', { at: ['choices', 0, 'delta', 'content'] }],
  ['["delta"]', holes],
])('nothing is learnt from %s', (data, where) => {
  const template = new EventTemplate(where)
  expect(template.learn(data, JSON.parse(data))).toBe(false)
  expect(template.read(data)).toBeUndefined()
})

test('text beyond ASCII is found in bytes as it is in text, also where these are wrong', () => {
  const texts = [...pieces, '\u00e9', 'тринадцать букв', '👋\\👋', '\u07ff\uffff']
  const event = (delta: string): Buffer => Buffer.from(`data: ${JSON.stringify({ type: 'x', delta })}\n\n`)
  const whole = event('👋')
  const cut = Buffer.concat([whole.subarray(0, 28), whole.subarray(30)])
  const bytes = Buffer.concat([...texts.filter((text) => text !== '').map(event), cut, event('last')])
  const marks = bytes.toString('latin1')
  const found: string[] = []
  const template = taught('{"type":"x","delta":"é"}', holes, 'message')
  const past = template.match(
    marks,
    0,
    (piece) => found.push(piece),
    (start, end) => bytes.toString('utf8', start, end),
  )
  expect(past).toBe(bytes.length)
  expect(found).toEqual(parsedFrom(bytes))
})

test('what stands around the text is looked for only where it is ASCII: bytes that are wrong could look like it', () => {
  const data = '{"é":1,"delta":"a"}'
  const template = taught(data, holes, 'message')
  const bytes = Buffer.from(`data: ${data}\n\n`, 'latin1')
  expect(
    template.match(
      bytes.toString('latin1'),
      0,
      () => {},
      (start, end) => bytes.toString('utf8', start, end),
    ),
  ).toBe(-1)
  expect(template.read(data)).toBe('a')
})

test('white space between the last brackets is padding', () => {
  const data = '{"delta":{"text":"a"}}'
  const template = taught(data, { at: ['delta', 'text'] })
  expect(template.read('{"delta":{"text":"b"}   }  ')).toBe('b')
  expect(template.read('{"delta":{"text":"b"}   }  }')).toBeUndefined()
})

test('what never helps is tried less and less often', () => {
  const template = new EventTemplate(holes)
  let learnt = 0
  for (let at = 0; at < 1000; at++) {
    const data = JSON.stringify({ at, delta: 'x' })
    expect(template.read(data)).toBeUndefined()
    if (template.learn(data, JSON.parse(data))) learnt++
  }
  expect(learnt).toBeLessThan(20)
})

test('whatever is read is what a parse says, however an event is mangled', () => {
  let seed = 7
  const random = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((seed / 2_147_483_648) * below)
  }
  const scraps = [
    '"',
    '\\',
    '}',
    '{',
    ',',
    ':',
    ' ',
    '"delta":',
    '"n":2',
    '0',
    '9',
    '\\u00e9',
    '👋',
    '\n',
    '\\"',
    '-',
    '.',
  ]
  let read = 0
  for (let round = 0; round < 5000; round++) {
    const [where, shape] = shapes[random(shapes.length)]!
    const template = taught(JSON.stringify(shape('Hello', random(99))), where)
    let data = JSON.stringify(shape(scraps[random(scraps.length)]!, random(99)))
    for (let edits = random(3); edits > 0; edits--) {
      const at = random(data.length + 1)
      data = data.slice(0, at) + scraps[random(scraps.length)] + data.slice(at + random(3))
    }
    const found = template.read(data)
    if (found === undefined) continue
    read++
    let value: unknown = JSON.parse(data)
    for (const key of where.at) value = (value as Record<string | number, unknown>)[key]
    expect(value).toBe(found)
  }
  expect(read).toBeGreaterThan(1500)
})
