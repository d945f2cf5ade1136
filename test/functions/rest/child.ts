/**
 * Runs one bundled function in a process of its own, as a Lambda environment does: `child.ts FILE`.
 * Events come in as messages `{ id, event }`; `{ id, result }` or `{ id, failed }` go out.
 */
import { pathToFileURL } from 'node:url'

interface Message {
  readonly id: number
  readonly event: unknown
}

/** Errors while it loads are told by name and message; Node itself would print the bundle. */
const { handler } = await import(pathToFileURL(process.argv[2] ?? '').href).catch(error => {
  process.send?.({ id: 0, failed: String(error) }, () => process.exit(1))
  return new Promise(() => {})
})

process.on('message', ({ id, event }: Message) => {
  Promise.resolve(handler(event)).then(
    result => process.send?.({ id, result }),
    error => process.send?.({ id, failed: error.constructor.name }),
  )
})
process.send?.({ id: 0 })
