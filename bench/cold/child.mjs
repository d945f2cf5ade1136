// Loads a function and hands it one event, as a fresh Lambda environment does: `child.mjs FILE`. Plain
// JavaScript, so that no time goes into taking types out.
import { performance } from 'node:perf_hooks'
import { pathToFileURL } from 'node:url'

process.once('message', async event => {
  const { handler } = await import(pathToFileURL(process.argv[2]).href)
  // Since the process began.
  const initMs = performance.now()
  const answer = await handler(event).then(
    result => ({ result }),
    error => ({ failed: error.constructor.name, text: String(error) }),
  )
  process.send({ initMs, ...answer }, () => process.exit())
})
