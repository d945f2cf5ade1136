import { once } from 'node:events'
import { serve } from '@hono/node-server'
import { signHttpRequest } from '../../lib/access/http-signature.ts'
import type { Target } from '../../lib/cli/conform/kit.ts'
import { httpKeyOf } from '../../lib/cli/http-key.ts'
import { gatewayApp } from '../../lib/local/server.ts'
import { startWorld } from '../../lib/local/world.ts'
import { pinKey } from '../../lib/seal/index.ts'

/** A request as a bug sees it: before the gateway, or in its place. */
export interface Passing {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly headers: Headers
  readonly body: string
}

/** What a server does wrong: with the gateway behind it, which does right. */
export type Bug = (request: Passing, gateway: Gateway) => Promise<Response>

/** The gateway behind a bug. */
export interface Gateway {
  /** As the caller sent it. */
  forward(request: Passing): Promise<Response>
  /** As if the caller had signed exactly this, now. */
  resigned(request: Passing): Promise<Response>
}

/** A gateway behind a server whose bug can be planted; without one it is the gateway. */
export async function startBrokenServer() {
  let bug: Bug | undefined
  let answer: (request: Request) => Promise<Response> = async () =>
    new Response(null, { status: 503 })
  const server = serve({ fetch: request => answer(request), hostname: '127.0.0.1', port: 0 })
  if (!server.listening) await once(server, 'listening')
  const address = server.address()
  const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  const world = await startWorld({ origin })
  const app = gatewayApp(world, name => console.error(`unexpected: ${name}`))
  const target = targetOf(origin, world)

  const forward = async ({ method, path, headers, body }: Passing) =>
    app.request(path, {
      method,
      headers,
      ...(body === '' ? {} : { body: Buffer.from(body, 'latin1') }),
    })
  const resigned = async (request: Passing) => {
    const { key } = request.path.startsWith('/v1/platforms/') ? target.platform : target.courier
    const body = Buffer.from(request.body, 'latin1')
    const given = body.length > 0 ? { 'content-type': 'application/json' } : {}
    const url = `${origin}${request.path}`
    const signed = { method: request.method, url, headers: given, body }
    const headers = new Headers(await signHttpRequest(signed, key, new Date()))
    return forward({ ...request, headers })
  }
  answer = async request => {
    const passing = await passingOf(request)
    return bug === undefined ? forward(passing) : bug(passing, { forward, resigned })
  }
  return {
    target,
    plant(planted: Bug | undefined) {
      bug = planted
    },
    async stop() {
      await new Promise<void>(done => {
        server.close(() => done())
        if ('closeAllConnections' in server) server.closeAllConnections()
      })
      await world.stop()
    },
  }
}

function targetOf(
  origin: string,
  { identities, config }: Awaited<ReturnType<typeof startWorld>>,
): Target {
  const [platform, courier] = [identities.platforms.standard, identities.couriers.standard]
  if (platform === undefined || courier === undefined) throw new Error('no partner "standard"')
  return {
    ...{ origin, product: 'standard' },
    platform: { slug: 'standard', key: httpKeyOf(platform.http) },
    courier: { slug: 'standard', key: httpKeyOf(courier.http) },
    gatewayKeys: config.gatewayKeys.map(jwk => pinKey(jwk)),
  }
}

/** Bodies are held as Latin-1, which keeps every byte. */
async function passingOf(request: Request): Promise<Passing> {
  const { pathname, search } = new URL(request.url)
  const body = Buffer.from(await request.arrayBuffer()).toString('latin1')
  return {
    method: request.method,
    path: pathname + search,
    headers: new Headers(request.headers),
    body,
  }
}
