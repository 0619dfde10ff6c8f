import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LLMError, fromEnv } from '@wayfare/llm'
import type { FromEnvOptions } from '@wayfare/llm'

let project: string

const factory = (name: string): string => `
export const ${name} = () => ({ name: '${name}', async *chat() {
  yield { type: 'text_delta', text: 'from ${name}' }
  yield { type: 'finish', reason: 'stop' }
} })`

async function write(path: string, content: unknown): Promise<void> {
  const file = join(project, path)
  await mkdir(join(file, '..'), { recursive: true })
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content))
}

async function install(name: string, wayfare: unknown, source: string): Promise<void> {
  const exports = { '.': './index.js' } // package.json is not exported, as with many packages
  await write(`node_modules/${name}/package.json`, {
    name,
    type: 'module',
    exports,
    ...(wayfare !== undefined && { wayfare }),
  })
  await write(`node_modules/${name}/index.js`, source)
}

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'wayfare-from-env-'))
  await write('package.json', {
    name: 'app',
    dependencies: { '@acme/big-model': '1.0.0', 'left-pad': '1.0.0', broken: '1.0.0' },
    devDependencies: { small: '1.0.0', throwing: '1', empty: '1', failing: '1', modern: '1', old: '1', keyed: '1' },
  })
  await install('throwing', { provider: true, env: ['THROWING_KEY'] }, 'throw new Error("x")')
  await install('failing', { provider: true, env: ['FAILING_KEY'] }, 'export const failing = () => null.x')
  await write('node_modules/empty/package.json', {
    wayfare: { provider: true, env: ['EMPTY_KEY'] },
    exports: { '.': { require: './index.cjs' } },
  })
  await install('modern', { provider: true, env: ['MODERN_KEY'] }, factory('modern'))
  await write('node_modules/old/package.json', { main: 'lib', wayfare: { provider: true, env: ['OLD_KEY'] } })
  await write('node_modules/old/lib/index.js', 'exports.old = () => ({ name: "old", chat() {} })')
  await install(
    'keyed',
    { provider: true, env: ['KEYED_HOST', 'KEYED_API_KEY'] },
    `export const keyed = ({ apiKey }) => ({ name: 'keyed', async *chat() {
      yield { type: 'text_delta', text: apiKey === undefined ? 'none' : apiKey() }
      yield { type: 'finish', reason: 'stop' }
    } })`,
  )
  await install('@acme/big-model', { provider: true, env: ['ACME_KEY', 'ACME_TOKEN'] }, factory('bigModel'))
  await install('small', { provider: true, env: ['SMALL_KEY'] }, factory('small'))
  await install('broken', { provider: true, env: ['BROKEN_KEY'] }, 'export const other = 1')
  await install('left-pad', undefined, 'throw new Error("must not be imported")')
  await mkdir(join(project, 'src/deep'), { recursive: true })
})

afterAll(() => rm(project, { recursive: true, force: true }))

const env = (variables: Record<string, string>, more: Partial<FromEnvOptions> = {}): FromEnvOptions => ({
  from: join(project, 'src/deep'),
  env: variables,
  ...more,
})

async function problem(options: FromEnvOptions): Promise<string> {
  const error: unknown = await fromEnv(options).catch((thrown: unknown) => thrown)
  expect(LLMError.is(error) && error.kind).toBe('config')
  return (error as Error).message
}

describe('fromEnv', () => {
  test('takes the installed providers whose key is set, found from a folder below', async () => {
    const llm = await fromEnv(env({ ACME_TOKEN: 'k', WAYFARE_MODEL: 'bigModel/one' }))
    expect((await llm.complete({ messages: 'x' })).text).toBe('from bigModel')
    expect(Object.keys(await llm.health())).toEqual(['bigModel'])
  })

  test('takes all of them, and further options from WAYFARE_OPTIONS', async () => {
    const options = JSON.stringify({
      model: 'small/two',
      fallbacks: ['bigModel/one'],
      limits: { session: { soft: 1 } },
    })
    const llm = await fromEnv(env({ ACME_KEY: 'k', SMALL_KEY: 'k', WAYFARE_OPTIONS: options }))
    expect(llm.defaultModel).toEqual({ provider: 'small', model: 'two' })
    expect(llm.plan({ messages: 'x' }).targets.map((target) => target.provider)).toEqual(['small', 'bigModel'])
    expect(llm.costs.limits).toMatchObject({ session: { soft: 1 } })
  })

  test('what is passed goes before the environment', async () => {
    const llm = await fromEnv(env({ SMALL_KEY: 'k', WAYFARE_MODEL: 'small/two' }, { model: 'small/three' }))
    expect(llm.defaultModel.model).toBe('three')
  })

  test.each<[string, Record<string, string>, RegExp]>([
    [
      'no key is set',
      {},
      /no key is set for the installed providers: .*@acme\/big-model \(set ACME_KEY or ACME_TOKEN\)/,
    ],
    ['a key is blank', { SMALL_KEY: ' ' }, /no key is set/],
    ['no default model is known', { SMALL_KEY: 'k' }, /set WAYFARE_MODEL/],
    ['a provider does not export its factory', { BROKEN_KEY: 'k' }, /does not export broken\(\)/],
    ['WAYFARE_OPTIONS is not JSON', { SMALL_KEY: 'k', WAYFARE_OPTIONS: '{' }, /WAYFARE_OPTIONS is not valid JSON/],
    [
      'WAYFARE_OPTIONS has an unknown name',
      { SMALL_KEY: 'k', WAYFARE_OPTIONS: '{"modle":"x/y"}' },
      /WAYFARE_OPTIONS.*modle/,
    ],
    [
      'WAYFARE_OPTIONS has a negative limit',
      { SMALL_KEY: 'k', WAYFARE_MODEL: 'small/x', WAYFARE_OPTIONS: '{"limits":{"global":{"hard":-1}}}' },
      /^WAYFARE_OPTIONS: limits\.global: hard is not a number/,
    ],
    [
      'WAYFARE_OPTIONS has a limit of the wrong shape',
      { SMALL_KEY: 'k', WAYFARE_MODEL: 'small/x', WAYFARE_OPTIONS: '{"limits":{"agents":{"hard":1}}}' },
      /^WAYFARE_OPTIONS: limits\.agents\["hard"\] is 1/,
    ],
    [
      'WAYFARE_OPTIONS has a limit of a provider that is not there',
      { SMALL_KEY: 'k', WAYFARE_MODEL: 'small/x', WAYFARE_OPTIONS: '{"limits":{"providers":{"smal":{"hard":1}}}}' },
      /^WAYFARE_OPTIONS: limits\.providers\["smal"\]: no provider/,
    ],
    [
      'WAYFARE_OPTIONS has a rule that is none',
      {
        SMALL_KEY: 'k',
        WAYFARE_MODEL: 'small/x',
        WAYFARE_OPTIONS: '{"fallbacks":[{"trigger":"eror","action":"switch_model","model":"x"}]}',
      },
      /^WAYFARE_OPTIONS: .*eror/,
    ],
    [
      'WAYFARE_OPTIONS has a number out of its range',
      { SMALL_KEY: 'k', WAYFARE_MODEL: 'small/x', WAYFARE_OPTIONS: '{"topP":2}' },
      /^WAYFARE_OPTIONS: topP must be/,
    ],
    [
      'WAYFARE_OPTIONS has a value of another kind',
      { SMALL_KEY: 'k', WAYFARE_OPTIONS: '{"stream":"no"}' },
      /^WAYFARE_OPTIONS: stream: /,
    ],
    [
      'only WAYFARE_MODEL is wrong',
      { SMALL_KEY: 'k', WAYFARE_MODEL: 'smal/x', WAYFARE_OPTIONS: '{"topP":0.5}' },
      /^no provider "smal" is registered/,
    ],
    ['a provider cannot be loaded', { THROWING_KEY: 'k' }, /^throwing cannot be loaded/],
    ['a provider has no file', { EMPTY_KEY: 'k' }, /^empty has no file to import/],
    ['a factory fails', { FAILING_KEY: 'k' }, /^failing\(\) of failing failed/],
  ])('says what to do when %s', async (_, variables, message) => {
    expect(await problem(env(variables))).toMatch(message)
  })

  test('says that a package.json is broken, and which', async () => {
    await write('sub/package.json', '{ nope')
    expect(await problem({ from: join(project, 'sub'), env: {} })).toMatch(/sub.package\.json is not valid JSON/)
  })

  test.each<[string, unknown]>([
    ['only import', { '.': { import: './index.js' } }],
    ['no path', { types: './no.d.ts', import: './index.js' }],
    ['a text', './index.js'],
    ['nested conditions', { '.': { browser: './no.js', node: { require: './no.cjs', default: './index.js' } } }],
    ['a list', { '.': [{ require: './no.cjs' }, './index.js'] }],
  ])('loads a package whose exports have %s', async (_, exports) => {
    const wayfare = { provider: true, env: ['MODERN_KEY'] }
    await write('node_modules/modern/package.json', { name: 'modern', type: 'module', exports, wayfare })
    const llm = await fromEnv(env({ MODERN_KEY: 'k', WAYFARE_MODEL: 'modern/one' }))
    expect((await llm.complete({ messages: 'x' })).text).toBe('from modern')
  })

  test('loads a package that has no exports by its main', async () => {
    const llm = await fromEnv(env({ OLD_KEY: 'k', WAYFARE_MODEL: 'old/one' }))
    expect(llm.defaultModel.provider).toBe('old')
  })

  test('a folder may be given from where the process runs', async () => {
    const llm = await fromEnv({
      from: relative(process.cwd(), join(project, 'src/deep')),
      env: { SMALL_KEY: 'k', WAYFARE_MODEL: 'small/one' },
    })
    expect(llm.defaultModel.provider).toBe('small')
  })

  test('a provider gets the key of the environment that was given, as it is at the request', async () => {
    const variables = { KEYED_API_KEY: 'first', WAYFARE_MODEL: 'keyed/one' }
    const llm = await fromEnv(env(variables))
    expect((await llm.complete({ messages: 'x' })).text).toBe('first')
    variables.KEYED_API_KEY = 'second'
    expect((await llm.complete({ messages: 'x' })).text).toBe('second')
  })

  test('an address is no key', async () => {
    const llm = await fromEnv(env({ KEYED_HOST: 'localhost', WAYFARE_MODEL: 'keyed/one' }))
    expect((await llm.complete({ messages: 'x' })).text).toBe('none')
  })

  test('every option that JSON can say may stand in WAYFARE_OPTIONS', async () => {
    const options = {
      model: { provider: 'small', model: 'two' },
      alternatives: ['small/three'],
      order: { weights: { 'small/two': 1, 'small/three': 1 } },
      affinity: { ttlMs: 1_000 },
      hedge: { afterMs: 5_000 },
      system: [{ type: 'text', text: 'be short' }],
      session: 's',
      agent: 'a',
      tags: { team: 'red' },
      maxOutputTokens: 20,
      temperature: 0.5,
      topP: 0.5,
      seed: 7,
      stop: ['END'],
      reasoning: { maxTokens: 100 },
      toolChoice: 'auto',
      timeout: { totalMs: 10_000 },
      fallbacks: [{ trigger: 'low_funds', threshold: 5, action: 'switch_model', model: 'three' }],
      onInterrupt: 'fail',
      stream: true,
      providerOptions: { small: { color: 'red' } },
      limits: { session: { soft: 1, hard: 2, window: 'day' } },
      onBudget: 'shrink',
      allowUnpriced: true,
      timeZone: 'Europe/Berlin',
    }
    const llm = await fromEnv(env({ SMALL_KEY: 'k', WAYFARE_OPTIONS: JSON.stringify(options) }))
    expect((await llm.complete({ messages: 'x' })).text).toBe('from small')
    expect((await llm.costs.session('s')).agent).toBe('a')
  })
})
