import * as whole from 'undici'
import { describe, expect, it } from 'vitest'
import { installed, loadUndici } from '../src/undici.ts'

describe('what is loaded of undici', () => {
  it('is the two files that the transport uses, while the installed undici has them', async () => {
    const { Client, buildConnector } = await loadUndici({
      ...installed,
      whole: () => expect.fail('all of undici was loaded'),
    })
    expect(Client).toBe(whole.Client)
    expect(buildConnector).toBe(whole.buildConnector)
  })

  it.each([
    ['a bundler made a module of what asks for them', undefined],
    ['its files are not where they were', {}],
    ['one of them is not where it was', { Client: whole.Client }],
    ['one of them is something else', { Client: whole.Client, buildConnector: { connect: whole.buildConnector } }],
  ])('is all of it when %s', async (_, parts) => {
    const { Client, buildConnector } = await loadUndici({ ...installed, parts: () => Promise.resolve(parts) })
    expect(Client).toBe(whole.Client)
    expect(buildConnector).toBe(whole.buildConnector)
  })

  it('says why when none of it can be loaded', async () => {
    const missing = { parts: () => Promise.resolve({}), whole: () => Promise.reject(new Error('gone')) }
    const message = expect.stringMatching(/^no undici \(Error: gone\); do not bundle it, or pass fetch/)
    await expect(loadUndici(missing)).rejects.toMatchObject({ kind: 'config', retryable: false, message })
  })
})
