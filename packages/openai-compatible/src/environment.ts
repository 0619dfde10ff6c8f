/** A key from the environment, read when asked; '' when there is none. */
export function environmentKey(variable: string): () => string {
  return () => globalThis.process?.env[variable] ?? ''
}
