import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refused } from '../../../lib/platforms/douyin/answer-mapping.ts'
import { couriers, refusals } from '../../../lib/platforms/douyin/codes.ts'
import type { TheirOrder } from '../../../lib/platforms/douyin/generated/types.ts'
import { order } from '../../../lib/platforms/douyin/order-mapping.ts'
import { fixture } from './request.ts'

const theirOrder = (name: string): TheirOrder => JSON.parse(fixture(`order-${name}.wire.json`))

/** Members that say "none", and objects that hold nothing else, are as good as absent. */
function withoutNothing(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNothing)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, member]) => [name, withoutNothing(member)])
      .filter(([, member]) => member !== '' && member !== undefined),
  )
}

for (const name of ['basic', 'merged', 'cipher', 'cipher-merged']) {
  test(`order-${name}: names, codes of the receiver and numbers come back as posted`, () => {
    const document = theirOrder(name)
    const { order_info } = order.toTheirs(order.toOurs(document))
    assert.deepEqual(
      withoutNothing(order_info.receiver_info),
      withoutNothing(document.order_info.receiver_info),
    )
    assert.equal(order_info.order_id, document.order_info.order_id)
  })
}

test('every code translates, both ways, and no two reasons look the same', () => {
  for (const [theirs, ours] of couriers.codes) {
    assert.equal(couriers.to(theirs), ours)
    assert.equal(couriers.from(ours), theirs)
  }
  for (const { code, text } of Object.values(refusals)) {
    const info = { order_id: '1', pack_id: '', err_code: code, err_msg: text, order_channel: '' }
    assert.deepEqual(refused.toTheirs(refused.toOurs(info)), info)
  }
  assert.throws(
    () =>
      refused.toOurs({ order_id: '1', pack_id: '', err_code: '1', err_msg: '', order_channel: '' }),
    { code: 'CODE_UNKNOWN' },
  )
})

test('an unknown member is no obstacle, not carried, and counted by pointer', () => {
  const document = theirOrder('basic')
  const more = { ...document, order_info: { ...document.order_info, buyer_words: '13800000000' } }
  assert.deepEqual(order.toOurs(more), order.toOurs(document))
  assert.deepEqual(order.unnamed(more), ['/order_info/buyer_words'])
  assert.deepEqual(order.unnamed(document), [])
})
