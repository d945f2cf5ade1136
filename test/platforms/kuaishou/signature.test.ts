import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { sha256Hex } from '../../../lib/access/digest.ts'
import type { RawRequest } from '../../../lib/access/request.ts'
import { GatewayError } from '../../../lib/model/errors.ts'
import { kuaishou } from '../../../lib/platforms/kuaishou/index.ts'
import { arrived, bodyOf, credential, fixture, formOf, now, signed, timestamp } from './request.ts'

const vectorNow = new Date(1583271919000)
const md5Allowed = { ...credential, md5: true }
const refused = { code: 'UNAUTHENTICATED', at: '' }

function takes(request: RawRequest, by = credential, at = now) {
  assert.equal(kuaishou.authenticate(request, [by], at), by)
}

function refuses(request: RawRequest, by = credential, at = now) {
  assert.throws(() => kuaishou.authenticate(request, [by], at), refused)
}

const vector = {
  access_token: 'token',
  appkey: 'ks123',
  timestamp: '1583271919000',
  version: '1',
}
const order = { ...vector, method: 'open.seller.order.list', param: '{"title":"短袖"}' }
const cancel = {
  ...vector,
  method: 'open.express.ebill.cancel',
  param: '{"expressCompanyCode":"SF","waybillCode":"SF7444463102821"}',
}
const vectors = [
  [order, 'MD5', '6005da269b372ff10945e565ef37a4c6'],
  [order, 'HMAC_SHA256', 'ZpPrG0oB1g/T93FyyVD+VCzRey41yqxZoCqcGg7upYM='],
  [cancel, 'MD5', 'c823c9bb9da3b0125873863ec7ac66d5'],
  [cancel, 'HMAC_SHA256', 'j5sER/CGlJKSnlCfAf14qzHWbi73EkaI0xH+2nQMlCA='],
] as const

for (const [fields, signMethod, sign] of vectors) {
  test(`published vector, ${signMethod}, ${fields.method}`, () => {
    const call = { ...fields, signMethod, sign }
    takes(formOf(call), md5Allowed, vectorNow)
    for (const [name, value] of Object.entries(call))
      refuses(formOf({ ...call, [name]: `${value}0` }), md5Allowed, vectorNow)
    refuses(formOf({ ...call, more: '1' }), md5Allowed, vectorNow)
  })
}

test('published vector of the example order', () => {
  const { getEbillOrderRequest } = JSON.parse(fixture('request-clear.wire.json'))
  const param = JSON.stringify({ getEbillOrderRequest: getEbillOrderRequest.slice(0, 1) })
  assert.equal(Buffer.byteLength(param), 1423)
  assert.equal(sha256Hex(param), 'de7cfc15dac5c725c683f907cca145450f5f4981bd57b2fa954eedcff95948fb')
  const sign = 'fZ+K3/ObGsCYsqFiywTLM9hMJT/jixaiuRneRfTh+4Q='
  const call = {
    ...vector,
    method: 'open.express.ebill.get',
    param,
    signMethod: 'HMAC_SHA256',
    sign,
  }
  takes(formOf(call), credential, vectorNow)
  assert.equal(kuaishou.readOrders(formOf(call), credential).length, 1)
})

const base = { appkey: 'ks123', method: 'm', param: '{}', signMethod: 'HMAC_SHA256', timestamp }

test('MD5 only where the credential allows it, and never by leaving signMethod out', () => {
  const md5 = signed({ ...base, signMethod: 'MD5' })
  takes(formOf(md5), md5Allowed)
  refuses(formOf(md5))
  refuses(formOf({ ...md5, signMethod: 'HMAC_SHA256' }), md5Allowed)
  refuses(formOf(signed({ ...base, signMethod: 'SHA1' })), md5Allowed)
  const { signMethod: _, ...none } = base
  refuses(formOf(signed(none)), md5Allowed)
  refuses(formOf({ ...none, sign: signed({ ...none, signMethod: 'MD5' }).sign ?? '' }), md5Allowed)
})

test('empty fields are signed too, and names stand by code unit', () => {
  takes(formOf(signed({ ...base, access_token: '', version: '' })))
  const { access_token: _, ...without } = signed({ ...base, access_token: '' })
  refuses(formOf(without))
  takes(formOf(signed({ ...base, A: '1', _b: '2', a: '3' })))
})

test('what is signed is the decoded text: + and %20 are the same', () => {
  const call = signed({ ...base, param: '{"a":"1 + 1 & 2=2 短"}' })
  const text = new URLSearchParams(call).toString()
  takes(formOf(text))
  takes(formOf(text.replaceAll('+', '%20')))
  refuses(formOf(text.replaceAll('%2B', '+')))
})

test('a field that comes twice is refused, also with the same value', () => {
  const text = new URLSearchParams(signed(base)).toString()
  takes(formOf(text))
  for (const again of ['param=%7B%7D', 'appkey=ks123', 'method=x', 'more=1&more=1'])
    refuses(formOf(`${text}&${again}`))
})

test('five minutes, both ends included, and no other form of time', () => {
  const call = formOf(signed(base))
  takes(call, credential, new Date(now.getTime() + 300_000))
  takes(call, credential, new Date(now.getTime() - 300_000))
  refuses(call, credential, new Date(now.getTime() + 300_001))
  refuses(call, credential, new Date(now.getTime() - 300_001))
  for (const time of ['', '1767225600', '2026-01-01 08:00:00', '1767225600000.0', '1.7672256e12'])
    refuses(formOf(signed({ ...base, timestamp: time })))
})

test('either of two secrets, of the credential with this key', () => {
  const two = { ...credential, secrets: ['current', 'next'] }
  takes(formOf(signed(base, 'current')), two)
  takes(formOf(signed(base, 'next')), two)
  refuses(formOf(signed(base, 'past')), two)
  refuses(formOf(signed(base)), { ...credential, secrets: [] })
  const other = { ...two, appKey: 'other' }
  const call = formOf(signed(base, 'next'))
  assert.equal(kuaishou.authenticate(call, [other, credential, two], now), two)
})

test('one answer whatever is missing or wrong', () => {
  const call = signed(base)
  const bad: RawRequest[] = [
    ...Object.keys(base).map(name => {
      const { [name]: _, ...rest } = call
      return formOf(rest)
    }),
    formOf({ ...call, sign: '' }),
    formOf({ ...call, sign: `${call.sign} ` }),
    formOf(''),
    formOf('%'),
    formOf('a'),
    { ...formOf(call), headers: new Map() },
    { ...formOf(call), headers: new Map([['content-type', 'application/json']]) },
    { ...formOf(call), body: Buffer.from([0xff]) },
  ]
  const answers = bad.map(request => {
    const { requestId: _, ...answer } = bodyOf(kuaishou.fail(errorOf(request), request))
    return JSON.stringify(answer)
  })
  assert.equal(new Set(answers).size, 1)
})

function errorOf(request: RawRequest): GatewayError {
  try {
    kuaishou.authenticate(request, [credential], now)
  } catch (error) {
    assert.ok(error instanceof GatewayError)
    assert.equal(error.message, 'UNAUTHENTICATED')
    return error
  }
  return assert.fail('let in')
}

test('calls that have no form: the fields in the query, the body is param', () => {
  const sandbox = kuaishou.sandbox
  const by = { ...credential, appKey: sandbox.appKey, secrets: ['s'] }
  const sent = (document: string) =>
    arrived(sandbox.sign(document, { appKey: sandbox.appKey, secret: 's' }, now))
  for (const document of ['', '{"ids":["1"]}']) {
    const call = sent(document)
    assert.ok(call.query.has('sign'))
    takes(call, by)
    // What the gateway itself adds to a query is not part of the platform's signature.
    takes({ ...call, query: new Map([...call.query, ['limit', '10']]) }, by)
    refuses({ ...call, body: Buffer.from('{"ids":["2"]}') }, by)
    refuses({ ...call, query: new Map([...call.query, ['param', '{}']]) }, by)
    refuses({ ...call, query: new Map([...call.query, ['method', 'x']]) }, by)
  }
})

test('the sandbox signs orders as the platform’s client does', () => {
  const { appKey, request, sign, requestFor } = kuaishou.sandbox
  for (const document of [request, requestFor('kye', { product: '20', account: '75500000000' })]) {
    const call = arrived(sign(JSON.stringify(document), { appKey, secret: 's' }, now))
    assert.equal(call.headers.get('content-type'), 'application/x-www-form-urlencoded')
    const by = { ...credential, appKey, secrets: ['s'] }
    takes(call, by)
    refuses(call, { ...by, secrets: ['other'] })
    const posted = kuaishou.readOrders(call, by)
    assert.deepEqual(
      posted.map(one => 'draft' in one),
      [true, true],
    )
  }
})

test('the sandbox’s order is the published example', () => {
  const url = new URL(
    '../../../lib/platforms/kuaishou/fixtures/request-clear.wire.json',
    import.meta.url,
  )
  assert.deepEqual(kuaishou.sandbox.request, JSON.parse(readFileSync(url, 'utf8')))
})
