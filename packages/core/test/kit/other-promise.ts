// As zone.js does: what async functions return is no instance of it.
class OtherPromise<T> extends Promise<T> {}

/** Runs some work while another library has replaced the global Promise. */
export async function withOtherPromise(work: () => Promise<void>): Promise<void> {
  const { Promise: own } = globalThis
  globalThis.Promise = OtherPromise
  try {
    await work()
  } finally {
    globalThis.Promise = own
  }
}
