import { once } from 'node:events'
import { type ServerType, serve } from '@hono/node-server'
import type { Hono } from 'hono'
import { custodyApp } from '../../functions/custody/app.ts'
import { exchangeApp } from '../../functions/exchange/app.ts'
import { newApp, type Report } from '../../functions/http.ts'
import { intakeApp } from '../../functions/intake/app.ts'
import { type Shredded, shredClosed, shredOutlived } from '../flow/shred.ts'
import { type Swept, sweepFeeds } from '../flow/sweep.ts'
import { admit } from './admit.ts'
import { scourFile } from './scour.ts'
import { StartError } from './start-error.ts'
import { databaseFolder, startWorld, type World, type WorldOptions } from './world.ts'

/** Requests that are served at a time; more only make everybody wait. */
const MOST_AT_ONCE = 64

/** A gateway on this machine, with all that it needs. */
export interface LocalGateway extends World {
  /** `http://127.0.0.1:8787` */
  readonly origin: string
  /** Deletes the keys that must go, also from the database's file; of `closed` orders only, without a walk through all. */
  shred(of?: 'all' | 'closed'): Promise<Shredded>
  /** Ends offers that nobody answered in time. */
  expire(): Promise<Swept>
}

/** The gateway's three apps behind one address, as API Gateway would route them. */
export function gatewayApp(
  world: Pick<World, 'intake' | 'exchange' | 'custody'>,
  report: Report,
): Hono {
  const app = newApp(report)
  app.route('/', intakeApp(world.intake, report))
  app.route('/', custodyApp(world.custody, report))
  app.route('/', exchangeApp(world.exchange, report))
  return app
}

/**
 * Starts the embedded services and the gateway on loopback. For development.
 *
 * @param port 0 for a free one
 */
export async function startGateway(
  options: Omit<WorldOptions, 'origin'> & { readonly port: number; readonly report?: Report },
): Promise<LocalGateway> {
  const { port, report = name => console.error(`unexpected: ${name}`), ...rest } = options
  const disk = watchDisk(rest)
  let app: Hono | undefined
  const server = serve({
    fetch: admit(
      MOST_AT_ONCE,
      request => app?.fetch(request) ?? new Response(null, { status: 503 }),
      report,
    ),
    hostname: '127.0.0.1',
    port,
  })
  if (!server.listening) await once(server, 'listening').catch(unlessTaken)
  const address = server.address()
  const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : port}`
  try {
    const world = await startWorld({ ...rest, count: disk.count, origin })
    app = gatewayApp(world, report)
    const shred: LocalGateway['shred'] = (of = 'all') => shredKeys(world, disk, of)
    const expire = () => sweepFeeds(world.sweep)
    return { ...world, origin, shred, expire, stop: () => stop(server, world) }
  } catch (error) {
    server.close()
    throw error
  }
}

type Disk = ReturnType<typeof watchDisk>

/** Remembers whether keys were deleted since the database's file was last rewritten; at the start, it may be. */
function watchDisk({ folder, count = () => {} }: Pick<WorldOptions, 'folder' | 'count'>) {
  let dirty = true
  return {
    count(metric: string, by?: number) {
      dirty ||= metric === 'keys-deleted'
      count(metric, by)
    },
    async scour() {
      if (!dirty || folder === undefined) return
      dirty = false
      await scourFile(databaseFolder(folder))
    },
  }
}

async function shredKeys({ custody }: World, disk: Disk, of: 'all' | 'closed'): Promise<Shredded> {
  const closed = await shredClosed(custody)
  const outlived = of === 'all' ? await shredOutlived(custody) : { shredded: 0, delayed: 0 }
  await disk.scour()
  return {
    shredded: closed.shredded + outlived.shredded,
    delayed: closed.delayed + outlived.delayed,
  }
}

/** A port that another process has is said plainly. */
function unlessTaken(error: unknown): never {
  const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
  throw taken ? new StartError('the port is taken: choose another by --port or PORT') : error
}

async function stop(server: ServerType, world: World): Promise<void> {
  await new Promise<void>(done => {
    server.close(() => done())
    if ('closeAllConnections' in server) server.closeAllConnections()
  })
  await world.stop()
}
