import type { Hono } from 'hono'
import { readRequest } from '../../lib/access/request.ts'
import { readJson } from '../../lib/access/strict.ts'
import { assignHops } from '../../lib/flow/assign.ts'
import { requireCourier } from '../../lib/flow/caller.ts'
import { type ReleasePorts, releaseToHop } from '../../lib/flow/release.ts'
import { GatewayError } from '../../lib/model/errors.ts'
import { newApp, type Report } from '../http.ts'

/** Who holds a parcel: couriers assign, hops fetch seal and capsule. */
export function custodyApp(ports: ReleasePorts, report: Report): Hono {
  const app = newApp(report)
  app.post('/v1/couriers/:courier/assignments', async c => {
    const courier = c.req.param('courier')
    const raw = await readRequest(c.req.raw)
    await requireCourier(ports, courier, raw)
    const results = await assignHops(ports, courier, readJson(raw.body))
    return c.json(results, 200, { 'cache-control': 'no-store' })
  })
  app.get('/v1/couriers/:courier/hops/:hop/orders/:order', async c => {
    const { courier, hop, order } = c.req.param()
    const { headers, query } = await readRequest(c.req.raw)
    const token = /^Bearer ([\w.-]+)$/.exec(headers.get('authorization') ?? '')?.[1] ?? ''
    const release = await releaseToHop(ports, { courier, hop, order, group: groupOf(query), token })
    return c.json(release, 200, { 'cache-control': 'no-store' })
  })
  return app
}

function groupOf(query: ReadonlyMap<string, string>): 'sender' | 'receiver' {
  const group = query.get('group') ?? 'receiver'
  if (group === 'sender' || group === 'receiver') return group
  throw new GatewayError('VALUE_INVALID', '/group')
}
