import type { GatewayError } from '../../lib/model/errors.ts'
import { clientAt } from './database.ts'
import { databaseOf } from './differential.ts'
import { prepare, worldOver } from './world.ts'

// The gateway as a process of its own, which somebody may kill: asked by messages of its parent.

/** What such a process is started with. */
export interface Start {
  readonly root: string
  readonly endpoint: string
  readonly seed: number
}

/** Functions of the gateway that may be asked from afar. */
export const methods = [
  ...(['post', 'change', 'pull', 'answer', 'ack', 'events', 'ackEvents', 'push'] as const),
  ...(['assign', 'release', 'shredClosed', 'shredOutlived', 'sweep'] as const),
]

/** Asks for one call, as of a time. */
export interface Ask {
  readonly id: number
  readonly now: number
  readonly method: (typeof methods)[number]
  readonly args: readonly unknown[]
}

/** An error of ours, as it crosses the line. */
export type Refusal = Pick<GatewayError, 'code' | 'at' | 'retry'>

/** What the process says: that it is up, that a call leaves it, or what came of an ask. */
export type Said =
  | { readonly is: 'up' }
  | { readonly is: 'calling' }
  | { readonly is: 'done'; readonly id: number; readonly value: unknown }
  | { readonly is: 'refused'; readonly id: number; readonly error: Refusal }
  | { readonly is: 'broken'; readonly id: number; readonly text: string }

async function serve({ root, endpoint, seed }: Start): Promise<void> {
  const bench = await prepare(root)
  const world = worldOver(bench, seed, databaseOf(clientAt(endpoint)))
  const gateway = world.start()
  const say = (said: Said) => void process.send?.(said)
  world.layer.plan = () => {
    say({ is: 'calling' })
    return undefined
  }
  process.on('message', async ({ id, now, method, args }: Ask) => {
    world.now = now
    try {
      say({ is: 'done', id, value: await Reflect.apply(gateway[method], gateway, [...args]) })
    } catch (error) {
      if (!(error instanceof bench.subject.GatewayError)) {
        say({ is: 'broken', id, text: String(error instanceof Error ? error.stack : error) })
        return
      }
      const { code, at, retry } = error
      say({ is: 'refused', id, error: { code, at, retry } })
    }
  })
  say({ is: 'up' })
}

const [, file, start] = process.argv
if (file === import.meta.filename && start !== undefined) await serve(JSON.parse(start))
