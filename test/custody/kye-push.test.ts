import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { list, member, textOf } from '../../lib/cli/send.ts'
import { openSession, type Session, writeAddresses } from '../../lib/cli/session.ts'
import { openFor } from '../../lib/cli/station-client.ts'
import { kye } from '../../lib/couriers/kye/index.ts'
import { workingDay } from '../../lib/custody/day.ts'
import { type LocalGateway, startGateway } from '../../lib/local/server.ts'
import { checkSealed } from '../../lib/model/validate.ts'
import { fresh, info, request } from '../functions/http/orders.ts'

const folder = mkdtempSync(join(tmpdir(), 'lasthop-kye-'))
let gateway: LocalGateway
let session: Session

before(async () => {
  gateway = await startGateway({ port: 0, folder })
  writeAddresses(folder, gateway)
  session = openSession(folder)
})
after(async () => {
  await gateway.stop()
  rmSync(folder, { recursive: true })
})

const SIGNED_FOR = 4

test('attack 27: a push of KYE’s forged by who knows the shared secret moves tracking only', async () => {
  const courier = session.courier('kye')
  const product_type = kye.sandbox.product
  await session
    .platform('douyin')
    .post(request([info(fresh(), { product_type })], { logistics_code: 'kuayue' }))
  const [entry] = list((await courier.pull()).body, 'entries')
  const order = textOf(entry, 'order')
  const document = kye.sandbox.answer(member(entry, 'document'))
  await courier.answer([{ id: textOf(entry, 'id'), document }])
  const head = async () => (await gateway.exchange.store.getHeads([order])).get(order)
  const waybill = (await head())?.waybill ?? ''

  const dayBefore = new Date(Date.now() - 30 * 3_600_000)
  const pushes = courier.pushes({ order, waybill, start: dayBefore })
  const [forged] = pushes.slice(SIGNED_FOR)
  assert.ok(forged)
  assert.match(forged.body, /已签收/)
  assert.match((await courier.push(forged)).text, /"code":0/)
  assert.equal((await head())?.tracking.ended, 'delivered')
  assert.equal((await head())?.state, 'accepted')
  const keys = await gateway.custody.store.getKey(order)
  assert.ok(keys?.receiver && keys.sender, 'no key is gone')

  const { ports, issuer } = session.station('kye')
  const tokens = issuer.tokens('station-1', workingDay(new Date()))
  const open = () => openFor(ports, tokens, { order, group: 'receiver', rev: 1 })
  await assert.rejects(open(), { code: 'RELEASE_REFUSED' }, 'nothing is unlocked')
  const seal = courier.check(checkSealed(member(entry, 'sealed', 'receiver')))
  const hop = { leg: 'delivery', hop: 'station-1', epoch: 1 } as const
  const assigned = await courier.assign([{ seal, ...hop }])
  assert.equal(textOf(assigned.body, 'results', 0, 'outcome'), 'released')
  assert.equal((await open()).name, '张三')
})
