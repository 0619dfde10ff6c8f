import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { describe, expect, test, vi } from 'vitest'
import { chat } from '../src/chat.ts'
import { onStore } from '../src/on-store.ts'
import { screenOn, table } from '../src/screen.ts'
import { tour } from '../src/tour.ts'

function recorder(isTTY = false, env: Record<string, string> = {}) {
  let text = ''
  const screen = screenOn({ isTTY, write: (more) => (text += more) }, env)
  return { screen, text: () => text }
}

const keys = ['ANTHROPIC_API_KEY', 'GEMINI_API_KEY', 'OPENAI_API_KEY', 'OPENROUTER_API_KEY']

describe('the tour', () => {
  test('plays all seven scenes and adds up', { timeout: 60_000 }, async () => {
    const { screen, text } = recorder()
    await tour(screen)
    const shown = text()
    expect(shown.match(/^\d\. /gm)).toEqual(['1. ', '2. ', '3. ', '4. ', '5. ', '6. ', '7. '])
    expect(shown).toMatch(/stream_truncated.*next: openai/)
    expect(shown).toMatch(/reset: what was shown is void/)
    expect(shown).toMatch(/rate_limit.*in \d+ ms/)
    expect(shown).toMatch(/tool call ferry\(/)
    expect(shown).toMatch(/soft limit: .*\n.*asking anthropic\/claude-haiku-4-5/)
    const [, answered, refused] = /(\d+) answered, (\d+) refused/.exec(shown)!
    expect(Number(answered) + Number(refused)).toBe(200)
    expect(Number(refused)).toBeGreaterThan(0)
    expect(shown).toMatch(/attempts that failed\n(.*\n){2}.*stream_truncated.*\n.*rate_limit/)
    expect(shown).toMatch(/add up to .* to the last nano-dollar/)
    expect(shown).not.toContain('\u001B')
  })
})

test('a crowd meets a limit in a store of its own', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wayfare-demo-'))
  try {
    const { screen, text } = recorder()
    await onStore(screen, `journal:${join(folder, 'costs')}`)
    expect(text()).toMatch(/store of kind journal(.*\n)+.*\d+ answered, \d+ refused(.*\n)+.*nothing is pending/)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

describe('the chat', () => {
  test(
    'answers each line on the emulator when nobody else is there, with the cost so far',
    { timeout: 30_000 },
    async () => {
      for (const key of keys) vi.stubEnv(key, '')
      vi.stubEnv('OLLAMA_HOST', 'http://127.0.0.1:9')
      try {
        const { screen, text } = recorder()
        await chat(screen, Readable.from(['hello\n', '\n', 'and again\n', '/quit\n', 'never read\n']), undefined)
        expect(text().match(/so far \$\d\.\d{6} for \d answers/g)).toHaveLength(2)
        expect(text()).toContain('for 2 answers')
      } finally {
        vi.unstubAllEnvs()
      }
    },
  )
})

describe('the command line', () => {
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ['--import', 'tsx', '--conditions=@wayfare/source', main, ...args], {
      encoding: 'utf8',
    })

  test('--help tells every command; an unknown one is refused', { timeout: 60_000 }, () => {
    const help = run('--help')
    expect(help.status).toBe(0)
    expect(help.stdout).toMatch(/--live <prompt>/)
    const wrong = run('tuor')
    expect(wrong.status).toBe(1)
    expect(wrong.stderr).toContain('unknown command "tuor"; try --help')
  })
})

describe('the screen', () => {
  test.each([
    ['a terminal', true, {}, true],
    ['a terminal with NO_COLOR', true, { NO_COLOR: '1' }, false],
    ['a dumb terminal', true, { TERM: 'dumb' }, false],
    ['a pipe', false, {}, false],
  ])('on %s', (_, isTTY, env, coloured) => {
    const { screen, text } = recorder(isTTY, env as Record<string, string>)
    screen.heading(1, 'A title')
    expect(text().includes('\u001B')).toBe(coloured)
  })

  test('what is told is broken between words where a terminal ends, and not in a pipe', () => {
    const told = (columns?: number): string => {
      let text = ''
      const screen = screenOn(
        { isTTY: columns !== undefined, columns, write: (more) => (text += more) },
        { NO_COLOR: '1' },
      )
      screen.note('one two three-and-four')
      return text
    }
    expect(told(13)).toBe('   > one two\n     three-and-four\n')
    expect(told()).toBe('   > one two three-and-four\n')
  })

  test('a table pads words to the right and numbers to the left', () => {
    expect(
      table(
        ['name', 'cost'],
        [
          ['a', '$1.5'],
          ['long one', '$10.25'],
        ],
      ),
    ).toEqual(['name        cost', '--------  ------', 'a           $1.5', 'long one  $10.25'])
  })
})
