import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { banner, helpText, readCommand } from '../src/command.ts'
import { wireNames } from './client.ts'

test.each([
  [[], { kind: 'serve', port: 0 }],
  [['--port', '8787'], { kind: 'serve', port: 8787 }],
  [['--port=0'], { kind: 'serve', port: 0 }],
  [['--help', '--port', 'x'], { kind: 'help' }],
])('%j is understood', (args, command) => {
  expect(readCommand(args)).toEqual(command)
})

test.each([[['--port', '65536']], [['--port', '8o']], [['--port=']], [['--port']], [['--verbose']], [['8787']]])(
  '%j is wrong, and the message says so',
  (args) => {
    expect(readCommand(args)).toEqual({ kind: 'wrong', message: expect.stringMatching(/--port|--verbose|8787/) })
  },
)

test('the banner shows the base URL of every wire and a line to try', () => {
  const text = banner({ url: 'http://127.0.0.1:1', baseURL: (wire) => `http://127.0.0.1:1/${wire}` })
  for (const wire of wireNames) expect(text).toContain(`http://127.0.0.1:1/${wire}\n`)
  expect(text).toMatch(/curl http:\/\/127\.0\.0\.1:1\/ollama\/api\/chat -d '\{/)
})

/** Runs the command from its sources; `onOutput` may send it a signal. */
async function run(
  args: string[],
  onOutput?: (output: string, stop: () => void) => void,
): Promise<[number | null, string]> {
  const cli = fileURLToPath(new URL('../src/cli.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', cli, ...args])
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      onOutput?.(output, () => child.kill('SIGINT'))
    })
  }
  return new Promise((resolve) => {
    child.on('close', (code) => resolve([code, output]))
  })
}

test('the command serves until it is interrupted, then ends well', { timeout: 60_000 }, async () => {
  let answer: Promise<string> | undefined
  const [code, output] = await run([], (text, stop) => {
    const url = /curl (\S+)/.exec(text)?.[1]
    if (url === undefined || answer !== undefined || !text.includes('Ctrl-C')) return
    const body = '{"model":"m","stream":false,"messages":[{"role":"user","content":"x"}]}'
    answer = fetch(url, { method: 'POST', body })
      .then(async (response) => response.text())
      .finally(stop)
  })
  expect(await answer).toContain('Hello from m.')
  expect([code, output]).toEqual([0, expect.stringContaining('listens on http://127.0.0.1:')])
})

test('a wrong option ends with status 2 and the help', { timeout: 60_000 }, async () => {
  expect(await run(['--prot', '1'])).toEqual([2, expect.stringContaining(helpText)])
})
