import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
    devDependencies: { small: '1.0.0' },
  })
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
      { SMALL_KEY: 'k', WAYFARE_OPTIONS: '{"limits":{"global":{"hard":-1}}}' },
      /limits\.global\.hard/,
    ],
  ])('says what to do when %s', async (_, variables, message) => {
    expect(await problem(env(variables))).toMatch(message)
  })

  test('says that a package.json is broken, and which', async () => {
    await write('sub/package.json', '{ nope')
    expect(await problem({ from: join(project, 'sub'), env: {} })).toMatch(/sub.package\.json is not valid JSON/)
  })
})
