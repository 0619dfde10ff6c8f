import { startEmulator } from '@wayfare/emulator'
import { jobIn, replyTo } from './job.ts'
import { soakWires } from './wires.ts'

// A process of its own, so that what it holds is not counted with the router's memory.
const emulator = await startEmulator({ validate: false })
const seen = new Set<number>()
for (const { wire } of soakWires) {
  emulator.answer(wire, (request) => {
    const job = jobIn(JSON.stringify(request.body))
    if (job === undefined) return undefined
    const first = !seen.has(job.id)
    seen.add(job.id)
    return replyTo(job, first)
  })
}
process.on('message', () => process.send?.({ openSockets: emulator.openSockets, requests: emulator.requests.length }))
process.on('disconnect', () => process.exit())
process.send?.({ baseURLs: Object.fromEntries(soakWires.map(({ wire }) => [wire, emulator.baseURL(wire)])) })
