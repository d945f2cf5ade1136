import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sha256Hex } from '../../../lib/access/digest.ts'
import { sortedJson } from '../../../lib/access/strict.ts'
import { douyin } from '../../../lib/platforms/douyin/index.ts'
import type { PlatformCredential } from '../../../lib/platforms/platform.ts'
import { credential, fixture, requestOf, signedCall, spiCall } from './request.ts'

const app_key = credential.appKey
const vectorTime = '1700000000'
const vectorNow = new Date(1700000000_000)
const now = new Date(1767225600_000)
const md5Allowed = { ...credential, md5: true }
const refused = { code: 'UNAUTHENTICATED', at: '' }

function takes(request: Parameters<typeof douyin.authenticate>[0], by = credential, at = now) {
  assert.equal(douyin.authenticate(request, [by], at), by)
}

function refuses(request: Parameters<typeof douyin.authenticate>[0], by = credential, at = now) {
  assert.throws(() => douyin.authenticate(request, [by], at), refused)
}

const cancel = '{"logistics_code":"shunfeng","track_no":"SF7444463102821"}'
const create = `{"logistics_code":"shunfeng","order_infos":[{"items":[{"item_count":1,"item_name":"茶具"}],"order_id":"6900000000000000001","pack_id":"1","receiver_info":{"address":{"city_name":"厦门市","country_code":"CHN","detail_address":"测试路1号","district_name":"思明区","province_name":"福建省"},"contact":{"mobile":"13800000000","name":"张三"}}}],"sender_info":{"address":{"city_name":"北京市","country_code":"CHN","detail_address":"样例街2号","district_name":"海淀区","province_name":"北京市"},"contact":{"mobile":"13900000000","name":"李四"}}}`

const callVectors = [
  [
    'hmac-sha256',
    'order.searchList',
    '{"page":0,"size":1}',
    '27fd545a197e82601f8c294f077ab68fb9213fc1ba0227478251b304672d7ce5',
  ],
  ['md5', 'order.searchList', '{"page":0,"size":1}', '76aed4a080785d870867beb473082f98'],
  [
    'hmac-sha256',
    'logistics.cancelOrder',
    cancel,
    '09813905c238d50e840c13e2506b721f7d7af9b9dcd96892f1a4e7419ecf38c4',
  ],
  [
    'hmac-sha256',
    'logistics.newCreateOrder',
    create,
    '83aa3d6be56019cc00037422a35fb32c76f95478a35f6dc29427a6e3569c91b5',
  ],
] as const

for (const [sign_method, method, json, sign] of callVectors) {
  test(`published vector, call form, ${sign_method}, ${method}`, () => {
    const query = {
      app_key,
      method,
      timestamp: vectorTime,
      v: '2',
      sign,
      sign_method,
      access_token: 't',
    }
    takes(requestOf(query, json), md5Allowed, vectorNow)
    takes(requestOf({ ...query, param_json: json }, 'not signed'), md5Allowed, vectorNow)
    refuses(requestOf(query, `${json} `), md5Allowed, vectorNow)
    refuses(requestOf({ ...query, method: `${method}x` }, json), md5Allowed, vectorNow)
    refuses(requestOf({ ...query, timestamp: '1700000001' }, json), md5Allowed, vectorNow)
    refuses(requestOf({ ...query, app_key: '1' }, json), md5Allowed, vectorNow)
    refuses(requestOf({ ...query, v: '1' }, json), md5Allowed, vectorNow)
  })
}

const spiVectors = [
  [
    'md5',
    '{"order_id":"6900000000000000001","track_no":"JT0000000000001"}',
    '0dea38d8dc63e65609dd6658c83aa257',
  ],
  [
    'hmac-sha256',
    '{"order_id":"6900000000000000001","track_no":"JT0000000000001"}',
    '0901a638ceca4e79d13cf9a8c11cae1fa423a25e3b8ae7cf230979366b26a9ef',
  ],
  [
    'hmac-sha256',
    '{"remark":"<a&b>"}',
    'ca1ba8b7fc4483832f6b201464d069e133e977aaa25424ec076ddce657f80f72',
  ],
  [
    'hmac-sha256',
    '{"remark":"<a&b>"}',
    '7ac82179bf2bf18681f58e0beef9359a6814e5ac973cf8612a46075250d39c90',
  ],
] as const

for (const [sign_method, json, sign] of spiVectors) {
  test(`published vector, SPI form, ${sign_method}, ${sign.slice(0, 8)}`, () => {
    const query = { app_key, timestamp: vectorTime, sign_method }
    const spaced = JSON.stringify(
      Object.fromEntries(Object.entries(JSON.parse(json)).reverse()),
      null,
      2,
    )
    takes(requestOf({ ...query, sign }, json), md5Allowed, vectorNow)
    takes(requestOf({ ...query, sign: 'other', sign_v2: sign }, spaced), md5Allowed, vectorNow)
    takes(requestOf({ ...query, sign, param_json: spaced }), md5Allowed, vectorNow)
    const form = requestOf(
      { ...query, sign },
      new URLSearchParams({ param_json: spaced }).toString(),
    )
    const headers = new Map([['content-type', 'application/x-www-form-urlencoded; charset=UTF-8']])
    takes({ ...form, headers }, md5Allowed, vectorNow)
    refuses(form, md5Allowed, vectorNow)
    refuses(requestOf({ ...query, sign }, json.replace('{"', '{"0')), md5Allowed, vectorNow)
  })
}

test('signatures of the two example files', () => {
  const files = [
    [
      'request-clear',
      1930,
      '2268da2e45fe90cad7cf17f7f1a53ee4da9290606579db49568cff13a31741a7',
      'f827090c6c55c269057624ff9bada54f514dd2cac013605ce26e1b51878ec739',
    ],
    [
      'request-cipher',
      2346,
      '43584b3b48f731d0d86fc9aeab8b2a3fe0b176ca8740669ea92fedda4789ad49',
      'b70f3bb1d776c69724ca7f4d976eadfee6e2a4e693e263f5ad8939aa2ff7d96e',
    ],
  ] as const
  for (const [file, size, sha256, sign] of files) {
    const json = sortedJson(fixture(`${file}.wire.json`))
    assert.equal(Buffer.byteLength(json), size)
    assert.equal(sha256Hex(json), sha256)
    const query = { app_key, method: 'logistics.newCreateOrder', timestamp: vectorTime, v: '2' }
    takes(requestOf({ ...query, sign, sign_method: 'hmac-sha256' }, json), credential, vectorNow)
  }
})

test('MD5 only where the credential allows it, and not by leaving sign_method out', () => {
  const [sign_method, method, json, sign] = callVectors[1]
  const query = { app_key, method, timestamp: vectorTime, v: '2', sign }
  takes(requestOf(query, json), md5Allowed, vectorNow)
  refuses(requestOf(query, json), credential, vectorNow)
  refuses(requestOf({ ...query, sign_method }, json), credential, vectorNow)
  refuses(requestOf({ ...query, sign_method: 'hmac-sha256' }, json), md5Allowed, vectorNow)
  refuses(requestOf({ ...query, sign_method: 'sha1' }, json), md5Allowed, vectorNow)
  takes(spiCall('{"a":1}', 'md5'), md5Allowed)
  refuses(spiCall('{"a":1}', 'md5'))
  const call = signedCall('{}')
  const without = new Map(call.query)
  without.delete('sign_method')
  refuses({ ...call, query: without })
})

test('a time further than five minutes away is stale, in both forms of it', () => {
  const call = signedCall('{}')
  takes(call, credential, new Date(now.getTime() + 300_000))
  takes(call, credential, new Date(now.getTime() - 300_000))
  refuses(call, credential, new Date(now.getTime() + 300_001))
  refuses(call, credential, new Date(now.getTime() - 300_001))
})

test('a timestamp may be a date and time of UTC+8, taken as it is written', () => {
  // Digest made with the platform's own rule for this text of the time.
  const query = {
    app_key,
    method: 'logistics.newCreateOrder',
    timestamp: '2026-01-01 08:00:00',
    v: '2',
    sign: '8ad00f9e67c9a80150df5c20c7d6b7882ab32d8cfefd995c2b89fed8441a6124',
    sign_method: 'hmac-sha256',
  }
  takes(requestOf(query, '{}'))
  refuses(requestOf(query, '{}'), credential, new Date(now.getTime() + 301_000))
  for (const timestamp of [
    '',
    'now',
    '2026-01-01T08:00:00+08:00',
    '2026-02-30 08:00:00',
    '1e9',
    '99999999999999',
  ]) {
    refuses(requestOf({ ...query, timestamp }, '{}'))
  }
})

test('either of two secrets, of the credential with this key', () => {
  const two: PlatformCredential = { ...credential, secrets: ['current', 'next'] }
  takes(signedCall('{}', 'current'), two)
  takes(signedCall('{}', 'next'), two)
  refuses(signedCall('{}', 'past'), two)
  const other = { ...two, appKey: 'other' }
  assert.equal(douyin.authenticate(signedCall('{}', 'next'), [other, credential, two], now), two)
  assert.throws(() => douyin.authenticate(signedCall('{}', 'next'), [], now), refused)
})

test('one answer whatever is missing or wrong', () => {
  const call = signedCall('{}')
  for (const name of ['app_key', 'timestamp', 'sign', 'sign_method', 'method']) {
    const query = new Map(call.query)
    query.delete(name)
    refuses({ ...call, query })
  }
  const sign = call.query.get('sign') ?? ''
  for (const wrong of [
    '',
    sign.toUpperCase(),
    sign.slice(1),
    `${sign} `,
    sign.replace(/^./, c => (c === '0' ? '1' : '0')),
  ]) {
    refuses({ ...call, query: new Map([...call.query, ['sign', wrong]]) })
  }
})

test('SPI: what cannot be sorted without doubt is refused before it is read', () => {
  const call = spiCall('{"a":1}', 'hmac-sha256')
  for (const body of ['{"a":1,"a":1}', '{"a":1', '{"a":{"b":1,"b":2}}', '', '\ufeff{"a":1}']) {
    refuses({ ...call, body: Buffer.from(body) })
  }
})

test('SPI: long numbers keep their digits when keys are sorted', () => {
  const call = spiCall('{"p_id":6900000000000000001,"a":12.00}', 'hmac-sha256')
  takes(call)
  refuses({ ...call, body: Buffer.from('{"p_id":6900000000000000002,"a":12}') })
})

test('what is signed is what is read: param_json wins over an unsigned body', () => {
  const call = signedCall(sortedJson(fixture('request-clear.wire.json')))
  const json = Buffer.from(call.body).toString()
  const both = {
    ...call,
    query: new Map([...call.query, ['param_json', json]]),
    body: Buffer.from('{}'),
  }
  takes(both)
  assert.equal(douyin.readOrders(both, credential).length, 2)
})

test('the sandbox signs as the platform’s client does', () => {
  const { appKey, request, sign } = douyin.sandbox
  const [secret = ''] = credential.secrets
  const sent = sign(JSON.stringify(request), { appKey, secret }, now)
  const url = new URL(sent.path, 'https://gateway.example')
  assert.equal(url.pathname, '/v1/platforms/douyin/orders')
  const call = requestOf(Object.fromEntries(url.searchParams), sent.body)
  takes(call)
  assert.equal(douyin.readOrders(call, credential).length, 2)
  refuses(call, { ...credential, secrets: ['other'] })
})
