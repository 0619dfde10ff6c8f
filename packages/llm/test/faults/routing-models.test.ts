import type { ModelInfo, ProviderCallOptions } from '@wayfare/core'
import type { Reply } from '@wayfare/emulator'
import { describe, expect, test } from 'vitest'
import { expectNoCanary } from './kit/canary.ts'
import { rescuerOf } from './kit/refusal.ts'
import { onStage } from './kit/stage.ts'
import { at, rerouted } from './kit/unreachable.ts'
import { closedPort } from './kit/front.ts'
import { providerOf, wires } from './kit/wires.ts'

describe.each(wires)('$name', (wire) => {
  const other = rescuerOf(wire)

  test.each<[what: string, reply: Reply, kind: string]>([
    ['has failed', { error: 'server' }, 'server'],
    ['refuses its key', { error: 'auth' }, 'auth'],
    ['resets the connection', { raw: ['reset'] }, 'network'],
    ['answers with a page', { raw: ['HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<html>'] }, 'protocol'],
  ])(
    `R10 ${wire.name}: a list of models without those of a provider that %s, which is told beside it`,
    async (_, reply, kind) => {
      await onStage(wire, async ({ emulator, llm }) => {
        llm.register(providerOf(other, emulator))
        emulator.answer(wire.wire, () => reply)
        const { models, errors } = await llm.models.list()
        expect(models.length).toBeGreaterThan(0)
        expect(new Set(models.map(({ provider }) => provider))).toEqual(new Set([other.name]))
        expect(errors).toMatchObject([{ kind, provider: wire.name }])
        expectNoCanary(errors)
        const names = await llm.models.names()
        expect(names).toHaveLength(models.length)
        expect(names.every((name) => name.startsWith(`${other.name}/`))).toBe(true)
        expect(await llm.models.list({ provider: wire.name })).toMatchObject({ models: [], errors: [{ kind }] })
        expect((await llm.models.list({ provider: other.name })).errors).toEqual([])
        // It costs nothing, and no circuit hears of it.
        expect(await llm.costs.global()).toMatchObject({ costUsd: 0, attempts: 0 })
        expect(llm.plan({ messages: 'Hello?' }).skipped).toEqual([])
      })
    },
  )

  test(`R10 ${wire.name}: nor of one that cannot be reached, or is not waited for`, async () => {
    await using nobody = await closedPort()
    const origin = `http://127.0.0.1:${nobody.port}`
    await onStage(wire, async ({ emulator, llm }) => {
      const gone = rerouted({ ...wire, name: `${wire.name}-gone` }, at(origin))
      const made = gone.make({ baseURL: emulator.baseURL(wire.wire), apiKey: 'none' })
      // Under a name of its own, whatever the package calls it.
      llm.register(Object.create(made, { name: { value: gone.name } }) as typeof made)
      const controller = new AbortController()
      const good = providerOf(other, emulator)
      const models = async (options?: ProviderCallOptions): Promise<readonly ModelInfo[]> => {
        const found = await good.models!(options)
        controller.abort()
        return found
      }
      llm.register(Object.create(good, { models: { value: models } }) as typeof good)
      emulator.answer(wire.wire, () => ({ raw: ['stall'] }))
      const { models: listed, errors } = await llm.models.list({ signal: controller.signal })
      expect(new Set(listed.map(({ provider }) => provider))).toEqual(new Set([other.name]))
      expect(errors.map(({ kind }) => kind).toSorted((a, b) => a.localeCompare(b))).toEqual(['cancelled', 'network'])
    })
  })
})
