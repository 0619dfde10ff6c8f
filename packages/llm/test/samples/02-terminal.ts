import { llm } from './01-quick-start.ts'
await using stream = llm.stream({ session: 'cli', messages: 'Write a poem' })
for await (const event of stream) {
  switch (event.type) {
    case 'text_delta':
      process.stdout.write(event.text)
      break
    case 'attempt_failed':
      process.stderr.write(
        `\n[${event.error.kind}${event.next ? `, next ${event.next.provider} in ${event.waitMs} ms` : ''}]\n`,
      )
      break
    case 'reset':
      process.stdout.write('\n--- again from the start ---\n')
      break
    case 'finish':
      process.stdout.write(`\n$${event.response.costUsd}\n`)
      break
  }
}
const { finishReason } = await stream.response()
finishReason satisfies string
