import { describe, expect, test } from 'vitest'
import { LLMError } from '@wayfare/core'
import { Guard } from '../src/guard.ts'
import { unhandledDuring } from './kit/rejections.ts'

const first = new LLMError('cancelled', 'enough')
const second = new LLMError('deadline', 'too late')

describe('the signal of a guard', () => {
  test('tells of a cut that comes after it was asked for', () => {
    const guard = new Guard()
    const { signal } = guard
    expect(signal.aborted).toBe(false)
    guard.cut(first)
    expect(signal.reason).toBe(first)
    expect(guard.signal).toBe(signal)
  })

  test('tells of a cut that came before it was asked for', () => {
    const guard = new Guard()
    guard.cut(first)
    expect([guard.signal.aborted, guard.signal.reason]).toEqual([true, first])
  })

  test('is over for one that is left, and no reason comes after', () => {
    const guard = new Guard()
    guard.leave()
    guard.cut(first)
    expect([guard.signal.aborted, guard.reason]).toEqual([true, undefined])
  })
})

test('the first reason stays, and everybody hears it once', () => {
  const guard = new Guard()
  const heard: LLMError[] = []
  guard.admit({ cut: (reason) => heard.push(reason) })
  const another = { cut: (reason: LLMError) => heard.push(reason) }
  guard.admit(another)
  guard.dismiss(another)
  guard.cut(first)
  guard.cut(second)
  expect([guard.reason, heard]).toEqual([first, [first]])
})

describe('a listener for the abort', () => {
  test('that is added twice is told once', () => {
    const guard = new Guard()
    const heard: string[] = []
    const listener = { handleEvent: () => heard.push('abort') }
    guard.addEventListener('abort', listener)
    guard.addEventListener('abort', listener)
    guard.cut(first)
    expect(heard).toEqual(['abort'])
  })

  test('that another one removes is not told', () => {
    const guard = new Guard()
    const heard: string[] = []
    const second = { handleEvent: () => heard.push('second') }
    guard.addEventListener('abort', { handleEvent: () => guard.removeEventListener('abort', second) })
    guard.addEventListener('abort', second)
    guard.cut(first)
    expect(heard).toEqual([])
  })

  test('that throws keeps nobody from hearing', async () => {
    const guard = new Guard()
    const heard: unknown[] = []
    guard.addEventListener('abort', {
      handleEvent: () => {
        throw new Error('clumsy')
      },
    })
    guard.addEventListener('abort', { handleEvent: () => heard.push('listener') })
    guard.admit({ cut: (reason) => heard.push(reason) })
    const unhandled = await unhandledDuring(async () => guard.cut(first))
    expect(heard).toEqual(['listener', first])
    expect(unhandled).toMatchObject([{ message: 'clumsy' }])
  })
})
