import { once } from 'node:events'
import { type ServerType, serve } from '@hono/node-server'
import type { Hono } from 'hono'
import { custodyApp } from '../../functions/custody/app.ts'
import { exchangeApp } from '../../functions/exchange/app.ts'
import { newApp, type Report } from '../../functions/http.ts'
import { intakeApp } from '../../functions/intake/app.ts'
import { startWorld, type World, type WorldOptions } from './world.ts'

/** A gateway on this machine, with all that it needs. */
export interface LocalGateway extends World {
  /** `http://127.0.0.1:8787` */
  readonly origin: string
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
  let app: Hono | undefined
  const server = serve({
    fetch: request => app?.fetch(request) ?? new Response(null, { status: 503 }),
    hostname: '127.0.0.1',
    port,
  })
  if (!server.listening) await once(server, 'listening')
  const address = server.address()
  const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : port}`
  try {
    const world = await startWorld({ ...rest, origin })
    app = gatewayApp(world, report)
    return { ...world, origin, stop: () => stop(server, world) }
  } catch (error) {
    server.close()
    throw error
  }
}

async function stop(server: ServerType, world: World): Promise<void> {
  await new Promise<void>(done => {
    server.close(() => done())
    if ('closeAllConnections' in server) server.closeAllConnections()
  })
  await world.stop()
}
