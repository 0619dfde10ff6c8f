import { openJournal } from '../../src/journal/index.ts'
import { order, posting } from '../../src/testing/orders.ts'

const [path = '', how = ''] = process.argv.slice(2)

/** Tells of everything that was acknowledged, until it is killed; or ends by itself in the middle. */
async function main(): Promise<void> {
  const store = await openJournal(path)
  let told = 0
  const tell = (what: string): void => {
    process.stdout.write(`${what}\n`)
    if (++told === 60 && how === 'exit') process.exit(0)
    if (told === 60 && how === 'throw') throw new Error('a mistake that nobody caught')
  }
  const lane = async (name: string): Promise<void> => {
    for (let i = 0; ; i++) {
      const id = `${name}-${i}`
      await store.reserve(order(id, 100))
      tell('reserved')
      await store.dispatch(id)
      tell('dispatched')
      await store.settle(id, posting(1))
      tell('settled')
    }
  }
  await Promise.all(Array.from({ length: 4 }, (_, i) => lane(`${process.pid}-${i}`)))
}

void main()
