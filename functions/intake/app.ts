import type { Hono } from 'hono'
import { failPlatform } from '../../lib/flow/fail.ts'
import { type IntakePorts, receiveOrders } from '../../lib/flow/receive.ts'
import { answerNatively, newApp, type Report } from '../http.ts'

/** What platforms post: orders in their own format, with their own signature. */
export function intakeApp(ports: IntakePorts, report: Report): Hono {
  const app = newApp(report)
  app.post('/v1/platforms/:platform/orders', c => {
    const platform = c.req.param('platform')
    return answerNatively(c.req.raw, report, {
      handle: raw => receiveOrders(ports, platform, raw),
      fail: (error, raw) => failPlatform(platform, error, raw),
    })
  })
  return app
}
