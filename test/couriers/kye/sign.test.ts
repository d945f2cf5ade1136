import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kye } from '../../../lib/couriers/kye/index.ts'
import { authenticateEvents, signOf } from '../../../lib/couriers/kye/sign.ts'
import { GatewayError } from '../../../lib/model/errors.ts'
import { push } from './fixtures.ts'
import { extended, paddingAfter } from './md5-extension.ts'

const SECRET = 'SZYG'
const TIME = '1788926400000'
const NOW = new Date(Number(TIME))
const BODY = '[{"mailno":"KY4000000000001"}]'

function signed(body: string | Uint8Array, change: { time?: string; sign?: string } = {}) {
  const { time = TIME, sign = signOf(SECRET, time, body) } = change
  return push(body, { 'x-kye-timestamp': time, 'x-kye-sign': sign })
}

function isTaken(request: Parameters<typeof authenticateEvents>[0], secrets = [SECRET], now = NOW) {
  try {
    authenticateEvents(request, secrets, now)
    return true
  } catch (error) {
    assert.ok(error instanceof GatewayError)
    assert.deepEqual([error.code, error.at, error.retry], ['UNAUTHENTICATED', '', 'never'])
    return false
  }
}

const minutes = (n: number) => new Date(NOW.getTime() + n * 60_000)

test('the vectors of requests', () => {
  assert.equal(
    signOf('secret', '2026-09-11 10:03:04', '{"客户":"测试"}'),
    '7E317DDC28F5FBA332141A9EB8DAE674',
  )
  assert.equal(
    signOf(
      'secret',
      '1788926400000',
      '{"customerCode":"75500000000","platformFlag":"SZYG","waybillNumber":"KY4000000000001"}',
    ),
    'B65AC802AE21C608970D50A4797FA967',
  )
})

test('the vector of pushes', () => {
  assert.equal(signOf(SECRET, TIME, BODY), 'B8CE674A038EE085E2B3C2A3056222B2')
  assert.ok(isTaken(signed(BODY, { sign: 'B8CE674A038EE085E2B3C2A3056222B2' })))
})

test('text and bytes are the same', () => {
  assert.equal(signOf('a', 'b', '客户'), signOf('a', 'b', Buffer.from('客户')))
})

test('pushes are signed, and the courier checks it', () => {
  assert.equal(kye.pushes, 'signed')
  assert.equal(kye.authenticateEvents, authenticateEvents)
})

test('taken: either secret while they change', () => {
  assert.ok(isTaken(signed(BODY), ['next', SECRET]))
  assert.ok(isTaken(signed(BODY), [SECRET, 'next']))
})

test('refused: another secret, none, an empty one', () => {
  assert.ok(!isTaken(signed(BODY), ['other']))
  assert.ok(!isTaken(signed(BODY), []))
  assert.ok(!isTaken(signed(BODY, { sign: signOf('', TIME, BODY) }), ['']))
})

test('refused: any other byte of the body', () => {
  const sign = signOf(SECRET, TIME, BODY)
  for (const body of [`${BODY} `, BODY.replace('1"', '2"'), '[]', ''])
    assert.ok(!isTaken(signed(body, { sign })), body)
})

test('refused: a digest in lower case, cut, of another time, or none', () => {
  const sign = signOf(SECRET, TIME, BODY)
  for (const other of [sign.toLowerCase(), sign.slice(1), `${sign} `, ''])
    assert.ok(!isTaken(signed(BODY, { sign: other })))
  assert.ok(!isTaken(signed(BODY, { time: '1788926400001', sign })))
  assert.ok(!isTaken(push(BODY)))
  assert.ok(!isTaken(push(BODY, { 'x-kye-timestamp': TIME })))
  assert.ok(!isTaken(push(BODY, { 'x-kye-sign': sign })))
})

test('five minutes, both ends included', () => {
  assert.ok(isTaken(signed(BODY), [SECRET], minutes(5)))
  assert.ok(isTaken(signed(BODY), [SECRET], minutes(-5)))
  for (const later of [300_001, -300_001, 3_600_000])
    assert.ok(!isTaken(signed(BODY), [SECRET], new Date(NOW.getTime() + later)))
})

test('the time is thirteen digits and nothing else', () => {
  const times = ['1788926400', '2026-09-09 12:00:00', '1788926400000.0', '01788926400000', '']
  for (const time of [...times, ` ${TIME}`, '１７８８９２６４０００００'])
    assert.ok(!isTaken(signed(BODY, { time })), time)
})

test('no digit moves from the time into the body, or back', () => {
  const sign = signOf(SECRET, TIME, BODY)
  assert.ok(isTaken(signed(BODY, { sign })))
  assert.equal(signOf(SECRET, TIME.slice(0, -1), `0${BODY}`), sign)
  assert.ok(!isTaken(signed(`0${BODY}`, { time: TIME.slice(0, -1), sign })))
  const digits = `7${BODY}`
  const other = signOf(SECRET, TIME, digits)
  assert.ok(!isTaken(signed(BODY, { time: `${TIME}7`, sign: other })))
})

test('a body is UTF-8 and an array from its first byte', () => {
  assert.ok(isTaken(signed('[]')))
  for (const body of ['{}', '', ' []', '\ufeff[]', '"["', 'KY4000000000001'])
    assert.ok(!isTaken(signed(body)), body)
  for (const bytes of [
    [0x5b, 0xff, 0x5d],
    [0x5b, 0xe5, 0xae],
    [0x5b, 0xc0, 0xaf],
  ])
    assert.ok(!isTaken(signed(Uint8Array.from(bytes))))
})

test('the digest of a receipt picture, which covers no body, signs no push', () => {
  const sign = signOf(SECRET, TIME, 'KY4000000000001')
  assert.ok(!isTaken(signed(BODY, { sign })))
  assert.ok(!isTaken(signed('KY4000000000001', { sign })))
})

test('attack 45: a body drawn out with 0x80 and a digest made without the secret is refused', () => {
  const good = signed(BODY)
  assert.ok(isTaken(good))

  const known = (SECRET + TIME + BODY).length
  const suffix = ',{"mailno":"KY4000000000001","node":100,"time":"2026-09-09 12:00:00"}]'
  const body = Buffer.concat([Buffer.from(BODY), paddingAfter(known), Buffer.from(suffix)])
  const sign = extended(good.headers.get('x-kye-sign') ?? '', known, suffix).toUpperCase()

  assert.equal(sign, signOf(SECRET, TIME, body), 'the digest is right, as it would be for KYE')
  assert.ok(!isTaken(signed(body, { sign })))
  assert.ok(isTaken(good))
})

test('attack 45: so it is whatever the length, and with nothing behind the padding', () => {
  for (let n = 0; n < 64; n++) {
    const text = `["${'x'.repeat(n)}"]`
    const known = (SECRET + TIME + text).length
    const body = Buffer.concat([Buffer.from(text), paddingAfter(known)])
    const sign = extended(signOf(SECRET, TIME, text), known, '').toUpperCase()
    assert.equal(sign, signOf(SECRET, TIME, body))
    assert.ok(!isTaken(signed(body, { sign })), String(n))
    assert.ok(isTaken(signed(text)), String(n))
  }
})

test('no secret and no byte of a body is in the error', () => {
  assert.throws(
    () => authenticateEvents(signed('{"张三":1}'), [SECRET], NOW),
    (error: unknown) =>
      error instanceof GatewayError &&
      error.cause === undefined &&
      error.message === 'UNAUTHENTICATED',
  )
})
