import type { Context, Hono } from 'hono'
import { changeOrders } from '../../lib/flow/change.ts'
import { failPlatform } from '../../lib/flow/fail.ts'
import { type IntakePorts, receiveOrders } from '../../lib/flow/receive.ts'
import { answerNatively, newApp, type Report } from '../http.ts'

/** What platforms post: orders, and changes of them, in their own format, with their own signature. */
export function intakeApp(ports: IntakePorts, report: Report): Hono {
  const app = newApp(report)
  const serve = (c: Context, platform: string, flow: typeof receiveOrders | typeof changeOrders) =>
    answerNatively(c.req.raw, report, {
      handle: raw => flow(ports, platform, raw),
      fail: (error, raw) => failPlatform(platform, error, raw),
    })
  app.post('/v1/platforms/:platform/orders', c => serve(c, c.req.param('platform'), receiveOrders))
  app.post('/v1/platforms/:platform/cancellations', c =>
    serve(c, c.req.param('platform'), changeOrders),
  )
  return app
}
