import { llm } from './01-quick-start.ts'
import { LLMError } from '@wayfare/core'
const stream = llm.stream({ messages: 'Hi' })
try {
  for await (const text of stream.textStream) process.stdout.write(text)
  console.log((await stream.response()).usage.total)
} catch (error) {
  if (!LLMError.is(error)) throw error
  console.error(error.kind, error.partial?.text.length)
}
// to a web Response
const web = new Response(
  ReadableStream.from(llm.stream({ messages: 'Hi' }).textStream).pipeThrough(new TextEncoderStream()),
)
void web
