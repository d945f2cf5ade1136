import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventId, orderId } from '../../lib/model/order-id.ts'

const vectors: [string, string, string[], string, string][] = [
  ['douyin', '', ['6900000000000000001'], '-', 'o_fck7qd6bckys2eiuxjf7u36sdw'],
  ['douyin', '', ['6900000000000000001'], '1', 'o_j4b2yxl53e6cdwc4kxfm3lcuab'],
  [
    'douyin',
    '',
    ['6900000000000000003', '6900000000000000002'],
    '1',
    'o_zy5ftfbihbb6j65dkio6kv55at',
  ],
  ['douyin', '', ['6900000000000000001'], '-~2', 'o_2upckstezqpwnuqgiwmhwsll64'],
  ['kuaishou', 'ks-seller-0001', ['LINE-0001'], 'P1', 'o_w5ry5lkigupfmd3sycn6beol3o'],
  ['vmall', '', ['VM2026010100000001'], '1', 'o_kirm73457myrelbt534zpecn5u'],
]

for (const [platform, shop, platformOrders, parcel, expected] of vectors) {
  test(`order id of ${platform} ${platformOrders.join('+')} ${parcel}`, () => {
    assert.equal(orderId({ platform, shop, platformOrders, parcel }), expected)
  })
}

for (const bad of ['a,b', 'a\nb', 'a\u0000', '\u007f', '\ud800']) {
  test(`a part with ${JSON.stringify(bad)} is refused`, () => {
    const name = { platform: 'douyin', platformOrders: ['1'], parcel: '-' }
    for (const mutated of [
      { ...name, parcel: bad },
      { ...name, shop: bad },
      { ...name, platformOrders: [bad] },
    ]) {
      assert.throws(() => orderId(mutated), { name: 'GatewayError', code: 'VALUE_INVALID' })
    }
    assert.match(orderId(name), /^o_[a-z2-7]{26}$/)
  })
}

test('an event id depends on every part of its key', () => {
  const ids = [['a', 'b'], ['ab'], ['a,b'], ['b', 'a']].map(key => eventId('sf', key))
  assert.equal(new Set(ids).size, 4)
})
