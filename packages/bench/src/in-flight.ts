/** Runs a task so often, with so many under way at once; the sum of what they return. */
export async function inFlight(width: number, count: number, task: () => Promise<number>): Promise<number> {
  let left = count
  let sum = 0
  const worker = async (): Promise<void> => {
    while (left-- > 0) sum += await task()
  }
  await Promise.all(Array.from({ length: width }, worker))
  return sum
}
