import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { expect, test } from 'vitest'
import { openJournal } from '../../src/journal/index.ts'
import { scratch } from './scratch.ts'

const at = scratch()

test('C07 a second one that opens the same journal is refused at once', async () => {
  const path = at('twice')
  const first = await openJournal(path)
  await expect(openJournal(path)).rejects.toMatchObject({
    kind: 'config',
    message: expect.stringContaining(`is open in the process ${process.pid}`),
  })
  await first.close()
  await (await openJournal(path)).close()
  expect(existsSync(`${path}.lock`)).toBe(false)
})

test('C07 the lock of a process that lives, or is on another machine, is kept', async () => {
  const path = at('kept')
  for (const holder of [
    { pid: process.ppid, started: '', host: hostname() },
    { pid: 1, started: '', host: 'elsewhere' },
  ]) {
    writeFileSync(`${path}.lock`, JSON.stringify(holder))
    await expect(openJournal(path)).rejects.toThrow(`delete "${path}.lock"`)
  }
})

test('C07 the lock of a process that is gone is taken over, also when its number is in use again', async () => {
  const { pid } = spawnSync(process.execPath, ['--version'])
  const holders = [{ pid, started: '', host: hostname() }]
  if (existsSync('/proc/self/stat')) holders.push({ pid: process.ppid, started: '1', host: hostname() })
  for (const holder of holders) {
    const path = at(`stale-${holder.pid}`)
    writeFileSync(`${path}.lock`, JSON.stringify(holder))
    const store = await openJournal(path)
    expect(JSON.parse(readFileSync(`${path}.lock`, 'utf8'))).toMatchObject({ pid: process.pid })
    await store.close()
  }
})

test('C07 of many that find a stale lock at once, one takes it', async () => {
  const path = at('race')
  const { pid } = spawnSync(process.execPath, ['--version'])
  writeFileSync(`${path}.lock`, JSON.stringify({ pid, started: '', host: hostname() }))
  const opened = await Promise.allSettled(Array.from({ length: 10 }, () => openJournal(path)))
  const [first, ...others] = opened.filter((one) => one.status === 'fulfilled')
  expect(others).toEqual([])
  await first?.value.close()
})
