import assert from 'node:assert/strict'
import { createCipheriv } from 'node:crypto'
import { test } from 'node:test'
import type { RawRequest } from '../../../lib/access/request.ts'
import { GatewayError } from '../../../lib/model/errors.ts'
import { kuaishou } from '../../../lib/platforms/kuaishou/index.ts'
import type { PlatformCredential } from '../../../lib/platforms/platform.ts'
import { bodyOf, credential, now, signed } from './request.ts'

const messageKey = 'AAECAwQFBgcICQoLDA0ODw=='
const receiver: PlatformCredential = { ...credential, native: { messageKey } }
const VECTOR = 'JGKpwGGELnWniagb0xXY0sOeMjeAxOk0G/2CnvxTHiU='

const pushOf = (body: string, more: Partial<RawRequest> = {}): RawRequest => ({
  method: 'POST',
  path: '/v1/platforms/kuaishou/cancellations',
  query: new Map(),
  headers: new Map([['content-type', 'text/plain; charset=utf-8']]),
  body: Buffer.from(body),
  ...more,
})

function sealed(plain: string | Buffer, { key = messageKey, padded = true } = {}): string {
  const cipher = createCipheriv('aes-128-cbc', Buffer.from(key, 'base64'), Buffer.alloc(16))
  cipher.setAutoPadding(padded)
  return Buffer.concat([cipher.update(plain), cipher.final()]).toString('base64')
}

function outcomeOf(request: RawRequest, by = receiver): string {
  try {
    kuaishou.authenticate(request, [by], now)
    return 'let in'
  } catch (error) {
    assert.ok(error instanceof GatewayError)
    const { requestId: _, ...answer } = bodyOf(kuaishou.fail(error, request))
    return JSON.stringify([error.message, kuaishou.fail(error, request).status, answer])
  }
}

const LET_OUT = outcomeOf(pushOf(''))

test('published vector: the heart-beat is let in, is a notice, and is answered', () => {
  assert.equal(sealed('{"eventId":"1","test":true}'), VECTOR)
  const push = pushOf(VECTOR)
  assert.equal(kuaishou.authenticate(push, [credential, receiver], now), receiver)
  const posted = kuaishou.readChanges(push, receiver)
  assert.deepEqual(posted, [
    {
      native: 'push',
      parcel: {},
      wish: { kind: 'notice' },
      at: '1970-01-01T08:00:00+08:00',
    },
  ])
  const { status, body } = kuaishou.answerChanges(
    [{ native: 'push', outcome: { kind: 'done' } }],
    push,
  )
  assert.deepEqual([status, body], [200, '{"result":1}'])
})

test('an event is a notice of its own time, whatever it says', () => {
  const plain = JSON.stringify({
    eventId: 2,
    event: 'kwaishop_order_addOrder',
    info: '{"oid":2400000000000000001}',
    createTime: 1767225600123,
    openId: 'x',
  })
  const [posted] = kuaishou.readChanges(pushOf(sealed(plain)), receiver)
  assert.ok(posted && 'wish' in posted)
  assert.deepEqual(posted.wish, { kind: 'notice' })
  assert.equal(posted.at, '2026-01-01T08:00:00.123+08:00')
})

const block = (byte: number) => Buffer.alloc(16, byte)
const bad: Readonly<Record<string, string>> = {
  'no body': '',
  'no Base64': '*',
  'Base64 with a line end': `${VECTOR}\n`,
  'Base64 without padding': VECTOR.slice(0, -1),
  'URL-safe Base64': VECTOR.replaceAll('/', '_'),
  'half a block': Buffer.alloc(8).toString('base64'),
  'a block too few': VECTOR.slice(0, 24),
  'padding of 0': sealed(block(0), { padded: false }),
  'padding of 17': sealed(block(17), { padded: false }),
  'padding that differs': sealed(Buffer.from([...Buffer.alloc(14, 32), 3, 2]), { padded: false }),
  'padding only': sealed(block(16), { padded: false }),
  'good padding, bad JSON': sealed('{"eventId":"1"'),
  'good padding, no UTF-8': sealed(Buffer.from([0xff, 0xfe])),
  'good padding, a name twice': sealed('{"eventId":"1","eventId":"1"}'),
  'good padding, no event id': sealed('{"test":true}'),
  'good padding, another document': sealed('[]'),
  'another key': sealed('{"eventId":"1"}', { key: 'AQEBAQEBAQEBAQEBAQEBAQ==' }),
  'a bit of the last block turned': turned(VECTOR, 31),
  'a bit of the first block turned': turned(VECTOR, 1),
}

function turned(text: string, at: number): string {
  const bytes = Buffer.from(text, 'base64')
  bytes[at] = (bytes[at] ?? 0) ^ 1
  return bytes.toString('base64')
}

for (const [name, body] of Object.entries(bad)) {
  test(`one answer for all that cannot be read: ${name}`, () => {
    assert.equal(outcomeOf(pushOf(body)), LET_OUT)
    assert.throws(() => kuaishou.readChanges(pushOf(body), receiver), { code: 'UNAUTHENTICATED' })
  })
}

test('no message key, or one that is none: as for any stranger', () => {
  assert.equal(outcomeOf(pushOf(VECTOR)), 'let in')
  const keys = [undefined, '', '*', 'AAEC', 'AAECAwQFBgcICQoLDA0ODw', `${messageKey}AA==`]
  for (const key of keys) {
    const native: Record<string, string> = key === undefined ? {} : { messageKey: key }
    assert.equal(outcomeOf(pushOf(VECTOR), { ...credential, native }), LET_OUT)
  }
  assert.match(LET_OUT, /401.*sign_invalid/)
})

test('longer keys are read, too', () => {
  const key = Buffer.alloc(32, 7)
  const cipher = createCipheriv('aes-256-cbc', key, Buffer.alloc(16))
  const body = Buffer.concat([cipher.update('{"eventId":"1"}'), cipher.final()]).toString('base64')
  const by = { ...credential, native: { messageKey: key.toString('base64') } }
  assert.equal(outcomeOf(pushOf(body), by), 'let in')
})

test('a message opens no other call: it has no time, so it could be shown again', () => {
  const elsewhere: Partial<RawRequest>[] = [
    { path: '/v1/platforms/kuaishou/orders' },
    { path: '/v1/platforms/kuaishou/events/acks' },
    { path: '/v1/platforms/kuaishou/events', method: 'GET' },
    { headers: new Map([['content-type', 'application/json']]) },
    { headers: new Map() },
    { query: new Map([['sign', 'x']]) },
  ]
  for (const more of elsewhere) assert.equal(outcomeOf(pushOf(VECTOR, more)), LET_OUT)
})

test('a signed form sent as text is no message', () => {
  const form = new URLSearchParams(signed({ appkey: 'ks123', signMethod: 'HMAC_SHA256' }))
  assert.equal(outcomeOf(pushOf(form.toString())), LET_OUT)
})

test('a notice that cannot be taken is not acknowledged', () => {
  const error = new GatewayError('STORE_AWAY', '', { retry: 'later' })
  const { status, body } = kuaishou.answerChanges(
    [{ native: 'push', outcome: { kind: 'failed', error } }],
    pushOf(VECTOR),
  )
  assert.equal(status, 503)
  assert.equal(JSON.parse(body).result, 0)
})
