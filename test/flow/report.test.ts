import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reportEvents } from '../../lib/flow/report.ts'
import { GatewayError } from '../../lib/model/errors.ts'
import type { WaybillOwner } from '../../lib/store/index.ts'
import { requestOf } from '../platforms/douyin/request.ts'
import { courier, exchange, PUSH_TOKEN } from './fixtures.ts'

const ours = 'o_fck7qd6bckys2eiuxjf7u36sdw'
const node = (mailno: string, orderid = '') => ({
  ...{ id: mailno, mailno, orderid, opCode: '50' },
  acceptTime: '2026-01-01 10:00:00',
})
const push = (...WaybillRoute: object[]) =>
  requestOf({}, JSON.stringify({ Body: { WaybillRoute } }))

/** A push met by a store that knows these numbers; the orders that were to be changed. */
async function pushed(
  owners: Record<string, WaybillOwner>,
  request = push(node('SF1')),
  fails = false,
) {
  const changed: string[] = []
  const { ports, counts } = exchange(
    { sf: courier },
    {
      findByWaybill: async () => new Map(Object.entries(owners)),
      changeOrders: async proposals =>
        proposals.map(({ order, decide }, n) => {
          changed.push(order)
          if (fails && n === 1) return { order, error: new GatewayError('STORE_AWAY') }
          return { order, head: undefined, outcome: decide(undefined).outcome, wrote: false }
        }),
    },
  )
  const { body } = await reportEvents(ports, 'sf', request, PUSH_TOKEN)
  return { body, changed, counts }
}

test('a number says whose event it is; only without one the order that is named', async () => {
  const owner = { order: ours, role: 'box' } as const
  const named = 'o_aaaaaaaaaaaaaaaaaaaaaaaaaa'
  assert.deepEqual((await pushed({ SF1: owner }, push(node('SF1', named)))).changed, [ours])
  assert.deepEqual((await pushed({}, push(node('SF1', named)))).changed, [named])
  assert.deepEqual((await pushed({}, push(node('SF1', 'their-own-number')))).changed, [])
})

test('what no order is found for is counted, whichever way it is not found', async () => {
  const { body, counts } = await pushed({}, push(node('SF1'), node('SF2', ours)))
  assert.match(body, /"0000"/)
  assert.equal(counts['unknown-waybill'], 2)
})

test('one event that is not kept: the courier must push all again', async () => {
  const owner = (order: string) => ({ order, role: 'box' }) as const
  const owners = { SF1: owner(ours), SF2: owner('o_aaaaaaaaaaaaaaaaaaaaaaaaaa') }
  const two = push(node('SF1'), node('SF2'))
  assert.match((await pushed(owners, two)).body, /"0000"/)
  await assert.rejects(pushed(owners, two, true), { code: 'STORE_AWAY' })
})

test('a secret part of the path, and the right one', async () => {
  const { ports } = exchange({ sf: courier }, {})
  for (const token of [undefined, '', 'x', PUSH_TOKEN.slice(1), `${PUSH_TOKEN}x`])
    await assert.rejects(reportEvents(ports, 'sf', push(node('SF1')), token), {
      code: 'UNAUTHENTICATED',
    })
  await assert.rejects(reportEvents(ports, 'nobody', push(node('SF1')), PUSH_TOKEN), {
    code: 'NOT_FOUND',
  })
})
