import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Input, next, type PostInput, type ReplaceInput } from '../../lib/flow/next.ts'
import type { Decision, Head } from '../../lib/store/index.ts'

// What a platform wishes of an order is taken once, and in the order in which it signed.

const T0 = Date.UTC(2026, 0, 1)
const post: PostInput = {
  ...{ kind: 'post', order: 'o_fck7qd6bckys2eiuxjf7u36sdw', platform: 'lark', shop: '' },
  ...{
    platformOrders: ['6900000000000000001'],
    parcel: '-',
    courier: 'swift',
    shard: 0,
    request: 'one',
  },
  ...{ signedAt: T0, hmacs: ['body'], sealed: ['receiver', 'sender'], boxes: 1 },
  ...{ deadline: T0 + 9_000_000, expiresAt: T0 + 90_000_000, doc: '{}' },
}
const change = (text: string, at: number, rev = 2): ReplaceInput => ({
  ...{ kind: 'replace', platform: 'lark', at: T0 + at, tags: [text, `${text} before`], rev },
  ...{ replaced: 'as-posted', sealed: ['receiver', 'sender'], doc: `{"is":"${text}"}` },
})
const cancel = (at: number): Input => ({ kind: 'cancel', platform: 'lark', at: T0 + at })
const hold = (on: boolean, at: number): Input => ({
  ...{ kind: 'hold', platform: 'lark', on, at: T0 + at },
})
const accepted = (owed: string): Input => ({
  ...{ kind: 'answer', courier: 'swift', entry: owed },
  verdict: { outcome: 'accepted', waybills: ['SW1'], document: 'accepted' },
})

/** Carries out causes; what each came to, and what became of the order. */
function walk(...causes: readonly (Input | typeof accepted)[]) {
  let head: Head | undefined
  const outcomes: string[] = []
  const puts: string[] = []
  let last: Decision<{ readonly kind: string }> | undefined
  for (const [i, cause] of [post, ...causes].entries()) {
    const input = typeof cause === 'function' ? cause(head?.owed ?? '') : cause
    const decision = next(head, input, T0 + 1_000_000 + i)
    head = decision.step?.head ?? head
    outcomes.push(decision.outcome.kind)
    puts.push((decision.step?.put ?? []).map(({ kind, body = '' }) => `${kind}${body}`).join(' '))
    last = decision
  }
  assert.ok(head && last)
  return { head, last, outcomes: outcomes.slice(1), puts: puts.slice(1) }
}

const orders: Record<string, [outcomes: string[], causes: (Input | typeof accepted)[]]> = {
  'the same change again': [
    ['replaced', 'same'],
    [change('a', 5), change('a', 5)],
  ],
  'the same change, signed anew': [
    ['replaced', 'same'],
    [change('a', 5), change('a', 6)],
  ],
  'a newer change': [
    ['replaced', 'replaced'],
    [change('a', 5), change('b', 6, 3)],
  ],
  'an older change, late': [
    ['replaced', 'stale'],
    [change('b', 6), change('a', 5, 3)],
  ],
  'another change of the same time': [
    ['replaced', 'stale'],
    [change('a', 5), change('b', 5, 3)],
  ],
  'a replay of the one before the newest': [
    ['replaced', 'replaced', 'stale'],
    [change('a', 5), change('b', 6, 3), change('a', 5, 4)],
  ],
  'a replay between two signatures of the newest': [
    ['replaced', 'same', 'stale'],
    [change('a', 5), change('a', 9), change('b', 7, 3)],
  ],
  'a change that was prepared on an older revision': [
    ['replaced', 'moved'],
    [change('a', 5), change('b', 6)],
  ],
  'a change signed before the order': [['stale'], [change('a', -1)]],
  'after the answer': [
    ['accepted', 'too-late'],
    [accepted, change('a', 5)],
  ],
  'a repeat after the answer': [
    ['replaced', 'accepted', 'same'],
    [change('a', 5), accepted, change('a', 5)],
  ],
  'after the cancellation': [
    ['cancelled', 'closed'],
    [cancel(5), change('a', 6)],
  ],
  'a cancellation signed before the order': [['stale'], [cancel(-1)]],
  'a cancellation signed before a change that was taken': [
    ['replaced', 'stale'],
    [change('a', 5), cancel(4)],
  ],
  'a cancellation of the same time as a change': [
    ['replaced', 'cancelled'],
    [change('a', 5), cancel(5)],
  ],
  'an old cancellation once it is cancelled': [
    ['cancelled', 'cancelled'],
    [cancel(5), cancel(-1)],
  ],
  'held, and held again': [
    ['held', 'held'],
    [hold(true, 5), hold(true, 5)],
  ],
  'held, resumed, and the first replayed': [
    ['held', 'resumed', 'stale'],
    [hold(true, 5), hold(false, 6), hold(true, 5)],
  ],
  'a resumption older than the hold': [
    ['held', 'stale'],
    [hold(true, 5), hold(false, 4)],
  ],
  'a resumption of the hold’s own time': [
    ['held', 'stale'],
    [hold(true, 5), hold(false, 5)],
  ],
  'a hold of the same time as a change holds': [
    ['replaced', 'held'],
    [change('a', 5), hold(true, 5)],
  ],
  'a hold signed before the order': [['stale'], [hold(true, -1)]],
  'held, then changed': [
    ['held', 'replaced'],
    [hold(true, 5), change('a', 6)],
  ],
  'held, then cancelled': [
    ['held', 'cancelled'],
    [hold(true, 5), cancel(6)],
  ],
}
describe('wishes in the order of their signatures', () => {
  for (const [name, [outcomes, causes]] of Object.entries(orders))
    test(`${name}: ${outcomes.join(', ')}`, () =>
      assert.deepEqual(walk(...causes).outcomes, outcomes))
})

test('a change: one revision on, a new entry in the place of the old one, the document whole', () => {
  const before = walk()
  const { head, last, puts } = walk(change('a', 5))
  assert.deepEqual([before.head.rev, head.rev], [1, 2])
  assert.notEqual(head.owed, before.head.owed)
  assert.deepEqual(
    last.step?.drop.map(({ id }) => id),
    [before.head.owed],
  )
  assert.deepEqual(puts, ['waybill'])
  assert.equal(last.step?.doc, '{"is":"a"}')
  assert.equal(head.docVersion, head.version)
  assert.deepEqual([head.hmac, head.posted], ['body', 'as-posted'])
})

test('a group that is sealed anew has a key again; one that is not stays shredded', () => {
  const head: Head = { ...walk().head, shredded: ['receiver', 'sender'] }
  const key = { wrapped: Buffer.alloc(1), signed: '' }
  const shreddedAfter = (keys: ReplaceInput['keys']) =>
    next(head, { ...change('a', 5), ...(keys ? { keys } : {}) }, T0 + 1_000_000).step?.head.shredded
  assert.deepEqual(shreddedAfter({ receiver: key }), ['sender'])
  assert.deepEqual(shreddedAfter({ receiver: key, sender: key }), undefined)
  assert.deepEqual(shreddedAfter(undefined), ['receiver', 'sender'])
})

test('a repeat of a change writes nothing, and the entry keeps its id', () => {
  const one = walk(change('a', 5))
  const two = walk(change('a', 5), change('a', 5))
  assert.equal(two.last.step, undefined)
  assert.equal(two.head.owed, one.head.owed)
  const later = walk(change('a', 5), change('a', 6))
  assert.deepEqual([later.last.step?.put, later.head.owed], [[], one.head.owed])
})

test('a tag under the key before is the same wish', () => {
  const rotated: ReplaceInput = { ...change('b', 5), tags: ['new', 'a'] }
  assert.deepEqual(walk(change('a', 5), rotated).outcomes, ['replaced', 'same'])
})

test('a repeat of the first request is one after changes, too; the first open part is kept', () => {
  const other: ReplaceInput = { ...change('b', 6, 3), replaced: 'changed-once' }
  const { outcomes, head } = walk(change('a', 5), other, post)
  assert.deepEqual(outcomes, ['replaced', 'replaced', 'repeat'])
  assert.equal(head.posted, 'as-posted')
})

test('couriers are told of a hold once, and that it is over', () => {
  assert.deepEqual(walk(hold(true, 5), hold(true, 6), hold(false, 7)).puts, [
    'changeheld',
    '',
    'changeresumed',
  ])
  assert.deepEqual(walk(hold(true, 5), change('a', 6)).puts, [
    'changeheld',
    'waybill changeresumed',
  ])
  assert.equal(walk(hold(true, 5), change('a', 6)).head.held, undefined)
})

test('what another platform wishes is unknown', () => {
  for (const wish of [cancel(5), hold(true, 5), change('a', 5)]) {
    assert.deepEqual(walk({ ...wish, platform: 'other' } as Input).outcomes, ['unknown'])
  }
})
