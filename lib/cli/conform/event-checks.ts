import { isEvent } from '../../model/generated/validators.js'
import { list, member, textOf } from '../send.ts'
import { type Check, expect, same } from './check.ts'
import type { Kit } from './kit.ts'

/** The documents of an order's tracking, as the platform is owed them. */
async function trackingOf({ eventsOf }: Kit, order: string) {
  const tracking = (await eventsOf(order)).filter(({ kind }) => kind === 'tracking')
  return tracking.map(({ document }) => {
    expect(isEvent(document), 'an event that satisfies event.json')
    return document
  })
}

/** Tracking, and what the platform reads. */
export const eventChecks: readonly Check<Kit>[] = [
  {
    name: 'steps of a parcel reach the platform, in order',
    async run(kit) {
      const { id, waybill } = await kit.accepted()
      const place = { name: '厦门市', kind: 'region' }
      for (const status of ['collected', 'arrived', 'out-for-delivery', 'delivered']) {
        const { status: taken } = await kit.push(kit.step(waybill, status, { place }))
        same(taken, 200, 'status of a push')
      }
      const found = await trackingOf(kit, id)
      const statuses = found.map(({ status }) => status)
      same(statuses, ['collected', 'arrived', 'out-for-delivery', 'delivered'], 'statuses')
      for (const event of found) {
        same([event.order === id, event.waybill === waybill], [true, true], 'what it names')
        same([event.courier, event.place], [kit.target.courier.slug, place], 'courier and place')
      }
    },
  },
  {
    name: 'an unknown status is delivered as unknown, with its raw code',
    async run(kit) {
      const { id, waybill } = await kit.accepted()
      same((await kit.push(kit.step(waybill, 'teleported'))).status, 200, 'status of the push')
      const [event, ...more] = await trackingOf(kit, id)
      same(more.length, 0, 'further events')
      same(event?.status, 'unknown', 'status')
      same(event?.raw.code, 'raw-teleported', 'raw code')
    },
  },
  {
    name: 'the same event again is delivered once',
    async run(kit) {
      const { id, waybill } = await kit.accepted()
      const step = kit.step(waybill, 'collected')
      for (const pushed of [[step], [step], [step, step]]) {
        same((await kit.push(...pushed)).status, 200, 'status of the push')
      }
      same((await trackingOf(kit, id)).length, 1, 'events')
    },
  },
  {
    name: 'a push about an unknown waybill is acknowledged',
    async run({ push, step, waybill }) {
      same((await push(step(waybill(), 'collected'))).status, 200, 'status of the push')
    },
  },
  {
    name: 'a push is taken whole or not at all',
    async run(kit) {
      const { id, waybill } = await kit.accepted()
      const steps = [kit.step(waybill, 'collected'), kit.step(waybill, 'arrived', { at: 'today' })]
      same((await kit.push(...steps)).status, 422, 'status of the push')
      same(await trackingOf(kit, id), [], 'events')
    },
  },
  {
    name: 'what was acknowledged is owed no more, once and again',
    async run({ accepted, eventsOf, call, paths }) {
      const { id } = await accepted()
      const ids = (await eventsOf(id)).map(entry => entry.id)
      const path = `${paths.platform}/events/acks`
      for (const _ of [1, 2]) {
        const { status, body } = await call({ as: 'platform', path, body: { ids } })
        same([status, list(body, 'unanswered').length], [200, 0], 'status of acks')
        same(await eventsOf(id), [], 'events')
      }
    },
  },
  {
    name: 'the state of an order is told by the platform’s number, in open data',
    async run({ accepted, call, paths }) {
      const { order, id, waybill } = await accepted()
      const path = `${paths.platform}/orders/${order.primaryOrder}`
      const { status, body } = await call({ as: 'platform', path })
      same(status, 200, 'status')
      const [parcel] = list(body, 'parcels')
      same([textOf(parcel, 'order') === id, textOf(parcel, 'parcel')], [true, '-'], 'which parcel')
      same(textOf(parcel, 'state'), 'accepted', 'state')
      same(member(parcel, 'waybills'), [waybill], 'numbers')
    },
  },
  {
    name: 'an order that is unknown is 404, and nothing of another partner is shown',
    async run({ call, paths, order }) {
      const unknown = `${paths.platform}/orders/${order().primaryOrder}`
      const { status, body } = await call({ as: 'platform', path: unknown })
      same([status, textOf(body, 'code')], [404, 'NOT_FOUND'], 'of an unknown order')
      for (const path of ['/v1/platforms/nobody/events', '/v1/couriers/nobody/waybills']) {
        const as = path.includes('platforms') ? 'platform' : 'courier'
        const reply = await call({ as, path })
        expect([401, 404].includes(reply.status), `401 or 404 from ${path}`)
      }
    },
  },
]
