import type { Context, Hono } from 'hono'
import { readRequest } from '../../lib/access/request.ts'
import { readJson } from '../../lib/access/strict.ts'
import { answerEntries } from '../../lib/flow/answer.ts'
import { requireCourier } from '../../lib/flow/caller.ts'
import { failCourier } from '../../lib/flow/fail.ts'
import { ackEntries } from '../../lib/flow/feeds.ts'
import { offerEntries } from '../../lib/flow/offer.ts'
import { parkEntries } from '../../lib/flow/park.ts'
import type { ExchangePorts } from '../../lib/flow/ports.ts'
import { publishKeys, readSchema } from '../../lib/flow/publish.ts'
import { reportEvents } from '../../lib/flow/report.ts'
import {
  ackPlatformEvents,
  readOrderState,
  readPlatformEvents,
} from '../../lib/flow/serve-platform.ts'
import { answerNatively, newApp, type Report } from '../http.ts'
import { openApi } from './openapi.ts'

/** What is exchanged between platforms and couriers, and what anybody may read. */
export function exchangeApp(ports: ExchangePorts, report: Report): Hono {
  const app = newApp(report)
  servePlatforms(app, ports)
  serveCouriers(app, ports)
  servePushes(app, ports, report)
  serveAnybody(app, ports)
  return app
}

function servePlatforms(app: Hono, ports: ExchangePorts): void {
  app.get('/v1/platforms/:platform/events', async c =>
    noStore(
      c,
      await readPlatformEvents(ports, c.req.param('platform'), await readRequest(c.req.raw)),
    ),
  )
  app.post('/v1/platforms/:platform/events/acks', async c =>
    noStore(
      c,
      await ackPlatformEvents(ports, c.req.param('platform'), await readRequest(c.req.raw)),
    ),
  )
  app.get('/v1/platforms/:platform/orders/:order', async c => {
    const { platform, order } = c.req.param()
    return noStore(c, await readOrderState(ports, platform, order, await readRequest(c.req.raw)))
  })
}

function serveCouriers(app: Hono, ports: ExchangePorts): void {
  app.get('/v1/couriers/:courier/waybills', async c => {
    const courier = c.req.param('courier')
    const raw = await readRequest(c.req.raw)
    const credential = await requireCourier(ports, courier, raw)
    return noStore(c, await offerEntries(ports, courier, raw.query, credential))
  })
  app.post('/v1/couriers/:courier/answers', async c => {
    const courier = c.req.param('courier')
    const raw = await readRequest(c.req.raw)
    await requireCourier(ports, courier, raw)
    return noStore(c, await answerEntries(ports, courier, readJson(raw.body)))
  })
  app.post('/v1/couriers/:courier/waybills/acks', async c => {
    const courier = c.req.param('courier')
    const raw = await readRequest(c.req.raw)
    await requireCourier(ports, courier, raw)
    const owner = { side: 'courier', partner: courier } as const
    return noStore(c, await ackEntries(ports, owner, readJson(raw.body)))
  })
  app.post('/v1/couriers/:courier/waybills/parked', async c => {
    const courier = c.req.param('courier')
    const raw = await readRequest(c.req.raw)
    await requireCourier(ports, courier, raw)
    const owner = { side: 'courier', partner: courier } as const
    return noStore(c, await parkEntries(ports, owner, readJson(raw.body)))
  })
}

function servePushes(app: Hono, ports: ExchangePorts, report: Report): void {
  const push = (c: Context, courier: string, token: string | undefined) =>
    answerNatively(c.req.raw, report, {
      handle: raw => reportEvents(ports, courier, raw, token),
      fail: error => failCourier(courier, error),
    })
  app.post('/v1/couriers/:courier/events', c => push(c, c.req.param('courier'), undefined))
  app.post('/v1/couriers/:courier/events/:token', c =>
    push(c, c.req.param('courier'), c.req.param('token')),
  )
}

function serveAnybody(app: Hono, ports: ExchangePorts): void {
  app.get('/v1/health', c => c.json({ status: 'ok' }))
  app.get('/v1/openapi.json', c => c.json(openApi))
  app.get('/v1/schemas/:name', c => c.json(readSchema(c.req.param('name'))))
  app.get('/v1/couriers/:courier/keys', c => c.json(publishKeys(ports, c.req.param('courier'))))
}

function noStore(c: Context, body: object): Response {
  return c.json(body, 200, { 'cache-control': 'no-store' })
}
