import { spawn } from 'node:child_process'

export interface ChildResult {
  /** 124 when it took too long. */
  readonly code: number
  /** Both streams, in the order of arrival. */
  readonly output: string
  readonly tookMs: number
}

export interface ChildOptions {
  readonly cwd: string
  readonly env?: NodeJS.ProcessEnv | undefined
  readonly timeoutMs?: number | undefined
}

/** Runs a program to its end, without input. Never rejects: a program that cannot be started ends with 127. */
export function child(command: string, args: readonly string[], options: ChildOptions): Promise<ChildResult> {
  const started = performance.now()
  return new Promise((resolve) => {
    const chunks: string[] = []
    const { cwd, env = process.env, timeoutMs } = options
    // npm, pnpm and the tools of node_modules/.bin are scripts of the shell on Windows.
    const shell = process.platform === 'win32' && command !== process.execPath
    const running = spawn(command, args, { cwd, env, shell, stdio: ['ignore', 'pipe', 'pipe'] })
    let late = false
    const stop = (): void => {
      late = true
      running.kill('SIGKILL')
    }
    const timer = timeoutMs === undefined ? undefined : setTimeout(stop, timeoutMs)
    const end = (code: number): void => {
      clearTimeout(timer)
      if (late) chunks.push(`\nstopped after ${timeoutMs} ms`)
      resolve({ code: late ? 124 : code, output: chunks.join(''), tookMs: performance.now() - started })
    }
    running.stdout.setEncoding('utf8').on('data', (text: string) => chunks.push(text))
    running.stderr.setEncoding('utf8').on('data', (text: string) => chunks.push(text))
    running.on('error', (error) => {
      chunks.push(`${command} could not be started: ${error.message}\n`)
      end(127)
    })
    running.on('close', (code) => end(code ?? 1))
  })
}

/** Maps with at most `width` in progress; the results stand in the order of the items. */
export async function several<T, R>(
  items: readonly T[],
  width: number,
  run: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = []
  const queue = items.entries()
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await run(item)
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker))
  return results
}
