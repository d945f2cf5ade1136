import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GatewayError } from '../../../lib/model/errors.ts'
import { readContract } from '../../../lib/platforms/vmall/contract.ts'
import { changed, shipped } from './request.ts'

test('the shipped contract is read as it is', () => {
  assert.deepEqual(readContract(shipped()), shipped())
})

/** What is wrong: the row, what it holds, and, where it is not the row itself, what the error names. */
const refused: readonly [pointer: string, value: unknown, at?: string][] = [
  ['/sign/algorithm', 'HMAC-SHA512'],
  ['/sign/encoding', 'base64url'],
  ['/sign/string', '{timestamp}\n'],
  ['/sign/string', '{body}'],
  ['/sign/string', '{timestamp}\n{body}{body}'],
  ['/sign/string', '{timestamp}{timestamp}{body}'],
  ['/sign/string', '{timestamp}{nonce}{body}'],
  ['/sign/string', 'v1{timestamp}\n{body}'],
  ['/sign/timestampUnit', 'us'],
  ['/sign/windowSeconds', 0],
  ['/sign/signReplies', 'yes'],
  ['/sign/header', 'Body Sign'],
  ['/sign/header', 'X-VMALL-TIMESTAMP', '/sign/timestampHeader'],
  ['/sign/keyIdHeader', 'body-sign'],
  ['/sign/header', 'Authorization'],
  ['/sign/timestampHeader', 'Content-Type'],
  ['/sign/nonceHeader', 'X-Nonce'],
  ['/units/weight', 't'],
  ['/units/volume', 'l'],
  ['/units/length', 'm'],
  ['/units/money', 'dollar'],
  ['/units/time', 'text'],
  ['/units/money', undefined],
  ['/request/orders', undefined],
  ['/request/payer', undefined],
  ['/request/sender', undefined],
  ['/request/maxOrders', 0],
  ['/request/orders', 'orders'],
  ['/request/orders', ''],
  ['/order/order', undefined],
  ['/order/createdAt', undefined],
  ['/order/receiver', undefined],
  ['/order/goods', undefined],
  ['/order/goodsQuantity', undefined],
  ['/order/weight', '/goods/*/weight'],
  ['/order/weight', '/weight~2'],
  ['/order/weight', '/__proto__/weight'],
  ['/order/weight', '/volume', '/order/volume'],
  ['/order/weight', '/goods/weight'],
  ['/order/weight', '/receiver/name'],
  ['/order/remarks', ['/a', '/b', '/c']],
  ['/order/virtualNumber', undefined],
  ['/order/serviceCode', undefined],
  ['/order/pickupUntil', undefined],
  ['/order/giftWrap', '/giftWrap'],
  ['/order/serviceValue', '/code'],
  ['/party/name', undefined],
  ['/party/detail', undefined],
  ['/party/province', undefined],
  ['/party/town', undefined],
  ['/change/action', undefined],
  ['/change/receiver', undefined],
  ['/change/courier', '/requestId'],
  ['/codes/courier', {}],
  ['/codes/courier/SF_EXPRESS', 'sf'],
  ['/codes/courier/YTO', 'YTO'],
  ['/codes/payer/4', 'sender'],
  ['/codes/payer/4', 'nobody'],
  ['/codes/service/GIFT', 'gift'],
  ['/codes/action/HOLD', 'hold'],
  ['/codes/status/lost', undefined],
  ['/codes/status/lost', 'UNKNOWN', '/codes/status/unknown'],
  ['/codes/status/stolen', 'STOLEN'],
  ['/assumed', undefined],
]

for (const [pointer, value, at = pointer] of refused) {
  test(`refused when it is read: ${pointer} ${JSON.stringify(value) ?? 'missing'}`, () => {
    assert.throws(
      () => readContract(changed(shipped(), pointer, value)),
      error => {
        assert.ok(error instanceof GatewayError)
        assert.equal(error.code, 'VALUE_INVALID')
        assert.equal(error.at, at)
        assert.ok(error.cause instanceof TypeError)
        return true
      },
    )
  })
}

test('what is optional may be left out', () => {
  const optional = [
    ...['product', 'account'].map(row => `/request/${row}`),
    ...['parcel', 'merged', 'virtualExtension', 'virtualExpires', 'pieces', 'weight', 'volume'].map(
      row => `/order/${row}`,
    ),
    ...['length', 'width', 'height', 'declared', 'collect', 'serviceValue', 'remarks'].map(
      row => `/order/${row}`,
    ),
    ...['goodsSpec', 'goodsWeight', 'goodsVolume'].map(row => `/order/${row}`),
    ...['phone', 'company', 'provinceCode', 'cityCode', 'districtCode', 'townCode', 'town'].map(
      row => `/party/${row}`,
    ),
    ...['parcel', 'waybill'].map(row => `/change/${row}`),
  ]
  const least = optional.reduce((contract, row) => changed(contract, row, undefined), shipped())
  assert.deepEqual(readContract(least), least)
})

test('no contract at all is refused', () => {
  for (const document of [null, [], 'contract', {}]) {
    assert.throws(() => readContract(document), { code: 'VALUE_INVALID' })
  }
})
