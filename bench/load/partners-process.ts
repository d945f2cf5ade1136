import { openSession } from '../../lib/cli/session.ts'
import { startPartners } from './partners.ts'

/** What the partners' process says, ten times a second: counts so far, and who was answered since. */
export interface Told {
  readonly counts: Readonly<Record<string, number>>
  readonly answered: readonly string[]
}

const EVERY_MS = 100

const partners = startPartners(openSession(process.argv[2] ?? ''))
let told = 0

function tell(): void {
  const { answered, ...counts } = partners.done
  const fresh = [...answered].slice(told)
  told = answered.size
  process.send?.({ counts, answered: fresh } satisfies Told)
}

const timer = setInterval(tell, EVERY_MS)
process.once('message', async () => {
  await partners.stop()
  clearInterval(timer)
  tell()
  process.disconnect()
})
