import { spawn } from 'node:child_process'

/** Runs a program in sight of whoever waits for it; its exit code, 127 when it cannot be started. */
export function command(program: string, args: readonly string[], cwd: string): Promise<number> {
  return new Promise((resolve) => {
    const shell = process.platform === 'win32'
    const running = spawn(program, args, { cwd, shell, stdio: ['ignore', 'inherit', 'inherit'] })
    running.on('error', () => resolve(127))
    running.on('close', (code) => resolve(code ?? 1))
  })
}
