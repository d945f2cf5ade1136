import assert from 'node:assert/strict'
import { test } from 'node:test'
import { member } from '../../lib/cli/send.ts'
import { sf } from '../../lib/couriers/sf/index.ts'
import type { CourierConfig } from '../../lib/flow/config.ts'
import { offerEntries, withoutExpired } from '../../lib/flow/offer.ts'
import { prepareOrder } from '../../lib/flow/prepare.ts'
import { writeStored } from '../../lib/flow/stored.ts'
import type { EntryKind, FeedPage, OwedEntry } from '../../lib/store/index.ts'
import { courier, draft, exchange } from './fixtures.ts'

const { order } = prepareOrder(draft, { platform: 'douyin', terms: {}, courier })
const id = order.order
const now = new Date('2026-01-01T00:00:00Z')

const entry = (kind: EntryKind, answer?: object, of = order): OwedEntry => ({
  ...{ id: `1767225600000.${id}.1.0a`, kind, order: id, life: 1, sequence: 1, at: 1 },
  doc: {
    ...{ order: id, life: 1, version: 1, platform: 'douyin', courier: 'sf' },
    body: writeStored({ order: of, sealed: {} }),
    ...(answer === undefined ? {} : { answer: JSON.stringify(answer) }),
  },
})

/** What a courier with these settings pulls from a feed of this page. */
async function offered(page: Partial<FeedPage>, settings: Partial<CourierConfig['settings']> = {}) {
  const config = { ...courier, settings: { ...courier.settings, ...settings } }
  const { ports, counts } = exchange(
    { sf: config },
    { readFeed: async () => ({ entries: [], withheld: 0, ...page }) },
    now,
  )
  const { entries, ...rest } = await offerEntries(ports, 'sf', new Map(), {})
  return { entries, rest, counts }
}

test('a waybill has its native document, parties and seals; its copy too', async () => {
  for (const kind of ['waybill', 'waybill-copy'] as const) {
    const { entries } = await offered({ entries: [entry(kind)] })
    assert.deepEqual(Object.keys(entries[0] ?? {}).sort(), [
      ...['document', 'id', 'kind', 'order', 'parties', 'sealed', 'sequence'],
    ])
  }
})

test('the courier’s own secret stands in its documents', async t => {
  const write = t.mock.method(sf, 'writeWaybill')
  const { ports } = exchange(
    { sf: courier },
    { readFeed: async () => ({ entries: [entry('waybill')], withheld: 0 }) },
    now,
  )
  await offerEntries(ports, 'sf', new Map(), { secret: 'shared' })
  await offerEntries(ports, 'sf', new Map(), {})
  const secrets = write.mock.calls.map(call => call.arguments[1].secret)
  assert.deepEqual(secrets, ['shared', undefined])
})

test('a hold says whether it is one, or is over', async () => {
  for (const change of ['held', 'resumed'] as const) {
    const { entries } = await offered({ entries: [{ ...entry('change'), body: change }] })
    assert.equal(entries[0]?.change, change)
    assert.equal(entries[0]?.document, undefined)
  }
})

test('a cancellation has its native document, whether or not there is a number', async () => {
  const accepted = { outcome: 'accepted', order: id, courier: 'sf', waybills: ['SF1'] }
  const document = { language: 'zh-CN', orderId: id, dealType: 2 }
  for (const answer of [undefined, accepted]) {
    const { entries } = await offered({ entries: [entry('cancel', answer)] })
    assert.deepEqual(entries[0]?.document, document)
    assert.equal(entries[0]?.parties, undefined)
  }
})

test('a reminder, and an entry without documents, are pointers', async () => {
  const { doc: _, ...bare } = entry('waybill')
  const { entries } = await offered({ entries: [entry('assignment-missing'), bare] })
  for (const one of entries)
    assert.deepEqual(Object.keys(one).sort(), ['id', 'kind', 'order', 'sequence'])
})

test('an order that can no longer be written says why, and stops nobody', async () => {
  const settings = { products: ['1'] }
  const { entries } = await offered({ entries: [entry('waybill'), entry('cancel')] }, settings)
  assert.deepEqual(entries[0]?.problem, { code: 'PRODUCT_UNMAPPED', at: '/product' })
  assert.equal(entries[0]?.document, undefined)
  assert.notEqual(entries[1]?.document, undefined)
})

test('the cursor is passed on, what is withheld is counted', async () => {
  const { rest, counts } = await offered({ next: 'x', withheld: 2 })
  assert.deepEqual(rest, { next: 'x' })
  assert.deepEqual(counts, { 'entries-withheld': 2 })
})

test('a virtual number whose time is over is not dialled', () => {
  const virtualNumber = { number: '18400000000', expiresAt: '2026-01-01T08:00:00+08:00' }
  const receiver = { ...order.receiver, virtualNumber }
  const at = (time: string) => withoutExpired({ ...order, receiver }, new Date(time)).receiver
  assert.deepEqual(at('2025-12-31T23:59:59Z').virtualNumber, virtualNumber)
  assert.equal(at('2026-01-01T00:00:00Z').virtualNumber, undefined)
  const { expiresAt: _, ...lasting } = virtualNumber
  const forever = { ...order, receiver: { ...receiver, virtualNumber: lasting } }
  assert.deepEqual(withoutExpired(forever, new Date('2100-01-01')), forever)
})

test('what is offered holds it only while its time lasts', async () => {
  for (const [expiresAt, shown] of [
    ['2026-01-01T08:00:01+08:00', '18400000000'],
    ['2026-01-01T08:00:00+08:00', '138******00'],
  ] as const) {
    const receiver = { ...order.receiver, virtualNumber: { number: '18400000000', expiresAt } }
    const { entries } = await offered({
      entries: [entry('waybill', undefined, { ...order, receiver })],
    })
    assert.equal(member(entries[0]?.document, 'contactInfoList', 1, 'mobile'), shown)
    assert.equal(entries[0]?.parties?.receiver.virtualNumber === undefined, shown !== '18400000000')
  }
})

test('a courier that is not served', async () => {
  const { ports } = exchange({}, {}, now)
  await assert.rejects(offerEntries(ports, 'sf', new Map(), {}), { code: 'NOT_FOUND' })
})
