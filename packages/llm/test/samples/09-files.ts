import { readFile } from 'node:fs/promises'
import { llm } from './01-quick-start.ts'
await llm.complete({
  messages: [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What is this?' },
        { type: 'file', mediaType: 'image/png', data: await readFile('a.png') },
        { type: 'file', mediaType: 'application/pdf', url: 'https://example.com/a.pdf', filename: 'a.pdf' },
      ],
    },
  ],
})
await llm.complete({
  messages: [
    {
      role: 'user',
      content: [
        // @ts-expect-error one of data and url
        { type: 'file', mediaType: 'image/png' },
      ],
    },
  ],
})
