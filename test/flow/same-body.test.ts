import assert from 'node:assert/strict'
import { test } from 'node:test'
import { prepareOrder } from '../../lib/flow/prepare.ts'
import { bodyHmac, openHash, openHashOf } from '../../lib/flow/same-body.ts'
import type { Draft } from '../../lib/model/draft.ts'
import { personalText } from '../../lib/model/personal-text.ts'
import { courier, draft } from './fixtures.ts'

const key = Buffer.alloc(32, 1)
const prepared = (change: Partial<Draft> = {}) =>
  prepareOrder({ ...draft, ...change }, { platform: 'douyin', terms: {}, courier })
const first = prepared()
const { receiver } = draft
const { personal } = receiver
assert(personal)

const cases: Record<string, [keyed: 'same' | 'other', open: 'same' | 'other', Partial<Draft>]> = {
  nothing: ['same', 'same', {}],
  'the time of the call': ['same', 'same', { createdAt: '2027-01-01T00:00:00+08:00' }],
  'a virtual number': [
    'same',
    'same',
    { receiver: { ...receiver, virtualNumber: { number: '18400000000', extension: '12' } } },
  ],
  'a phone': [
    'other',
    'same',
    { receiver: { ...receiver, personal: { ...personal, phone: personalText('13800000001') } } },
  ],
  'a remark': [
    'other',
    'same',
    { receiver: { ...receiver, personal: { ...personal, remark: personalText('放后门') } } },
  ],
  'the region': [
    'other',
    'other',
    { receiver: { ...receiver, region: { ...receiver.region, district: { name: '湖里区' } } } },
  ],
  'the product': ['other', 'other', { product: '1' }],
  'the number of boxes': ['other', 'other', { pieces: 2 }],
  'the weight': ['other', 'other', { weightGrams: 1 }],
  'the account': ['other', 'other', { account: '7551234568' }],
  'the pickup': ['other', 'other', { pickup: { from: '2026-01-01T09:00:00+08:00' } }],
}
for (const [name, [keyed, open, change]] of Object.entries(cases)) {
  test(`${name} changed: ${keyed} body, ${open} open part`, () => {
    const second = prepared(change)
    const compare = (a: string, b: string) => (a === b ? 'same' : 'other')
    assert.equal(compare(bodyHmac(first, key), bodyHmac(second, key)), keyed)
    assert.equal(compare(openHash(first), openHash(second)), open)
  })
}

test('the keyed hash is of one key and one order; 43 characters', () => {
  assert.match(bodyHmac(first, key), /^[\w-]{43}$/)
  assert.notEqual(bodyHmac(first, key), bodyHmac(first, Buffer.alloc(32, 2)))
  const other = { ...first, order: { ...first.order, order: 'o_aaaaaaaaaaaaaaaaaaaaaaaaaa' } }
  assert.notEqual(bodyHmac(first, key), bodyHmac(other, key))
})

test('what is kept compares with what is posted', () => {
  const kept: typeof first.order = JSON.parse(JSON.stringify(first.order))
  assert.equal(openHashOf(kept), openHash(first))
})

test('a virtual number that was made anew, posted as the phone, is the same body', () => {
  const withNumber = (number: string, name = personal.name) =>
    prepared({
      receiver: {
        ...receiver,
        personal: { ...personal, name, phone: personalText(`${number}-12`) },
        virtualNumber: { number, extension: '12' },
      },
    })
  const one = bodyHmac(withNumber('18400000000'), key)
  assert.equal(bodyHmac(withNumber('18400000001'), key), one)
  assert.notEqual(bodyHmac(withNumber('18400000001', personalText('李四')), key), one)
})
