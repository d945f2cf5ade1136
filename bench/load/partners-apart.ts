import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Counts, Partners } from './partners.ts'
import type { Told } from './partners-process.ts'

/** The partners in a process of their own, so that their work delays no arrival. */
export function partnersApart(folder: string): Partners {
  const child = fork(join(import.meta.dirname, 'partners-process.ts'), [folder])
  const counts: Counts = {
    ...{ assigned: 0, opened: 0, events: 0, platformEvents: 0 },
    ...{ turnedAway: 0, errors: 0, requests: 0 },
  }
  const done = Object.assign(counts, { answered: new Set<string>() })
  child.on('message', (told: Told) => {
    Object.assign(counts, told.counts)
    for (const order of told.answered) done.answered.add(order)
  })
  return {
    done,
    async stop() {
      if (!child.connected) return
      const ended = once(child, 'exit')
      child.send('stop')
      await ended
    },
  }
}
