import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as validators from '../../../lib/platforms/vmall/generated/validators.js'
import { vmall } from '../../../lib/platforms/vmall/index.ts'
import { changed, fixture, type Json, pairs } from './request.ts'

const documents = {
  order: validators.isTheirOrder,
  change: validators.isTheirChange,
  accepted: validators.isWaybillAccepted,
  refused: validators.isWaybillRefused,
  trace: validators.isLogisticsTrace,
  cancelled: validators.isCancelResult,
} as const

/** Without what is declared lost, and without objects that are empty by that. */
function kept(document: unknown, lost: readonly string[], at = ''): unknown {
  if (lost.includes(at)) return undefined
  if (Array.isArray(document)) return document.map(item => kept(item, lost, `${at}/[]`))
  if (typeof document !== 'object' || document === null) return document
  const members = Object.entries(document)
    .map(([name, value]) => [name, kept(value, lost, `${at}/${name}`)] as const)
    .filter(([, value]) => value !== undefined && JSON.stringify(value) !== '{}')
  return Object.fromEntries(members)
}

for (const [name, is] of Object.entries(documents)) {
  const named = vmall.tables.find(table => table.name === name)
  assert.ok(named)
  const { table, context } = named
  const lost = (side: string) => table.losses.filter(l => l.side === side).map(({ at }) => at)
  assert.ok(pairs(name).length > 0)

  for (const pair of pairs(name)) {
    const wire: Json = fixture(`${pair}.wire`)
    const canonical = fixture(`${pair}.canonical`)

    test(`${pair}: both halves satisfy the schema, and each becomes the other`, () => {
      assert.ok(is(wire))
      const written = table.toTheirs(canonical, context)
      assert.ok(is(written))
      assert.deepEqual(kept(written, lost('theirs')), kept(wire, lost('theirs')))
      const ours = table.toOurs(wire, context)
      assert.deepEqual(kept(ours, lost('ours')), kept(canonical, lost('ours')))
    })

    test(`${pair}: there and back is the same`, () => {
      const there = table.toTheirs(table.toOurs(wire, context), context)
      assert.deepEqual(kept(there, lost('theirs')), kept(wire, lost('theirs')))
      const back = table.toOurs(table.toTheirs(canonical, context), context)
      assert.deepEqual(kept(back, lost('ours')), kept(canonical, lost('ours')))
    })

    test(`${pair}: an unknown member is counted by its pointer and not carried`, () => {
      const more = changed(wire, '/buyerNick', '标记七十七室')
      assert.deepEqual(table.toOurs(more, context), table.toOurs(wire, context))
      assert.deepEqual(table.unnamed(more), ['/buyerNick'])
      assert.deepEqual(table.unnamed(wire), [])
    })
  }
}

test('the sandbox posts the order of the format, for every courier with a code', () => {
  const format = changed(fixture('request-orders.wire'), '/sender/detail', '样例街2号样例仓库')
  assert.equal(JSON.stringify(vmall.sandbox.request), JSON.stringify(format))
  const { request } = vmall.sandbox
  assert.deepEqual(vmall.sandbox.requestFor('kye', { product: '20', account: '75500000000' }), {
    ...Object(request),
    ...{ courierCode: 'KYE', productCode: '20', monthlyAccount: '75500000000' },
  })
  assert.throws(() => vmall.sandbox.requestFor('acme', { product: '1', account: '1' }), {
    code: 'COURIER_UNMAPPED',
  })
})
