import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { EventInput, Input, Outcome, PostInput } from '../../lib/flow/next.ts'
import { next } from '../../lib/flow/next.ts'
import type { Status } from '../../lib/model/validate.ts'
import { type Decision, type Head, type Phase, phaseOf } from '../../lib/store/index.ts'

const START = Date.UTC(2026, 0, 1)
const HOUR = 3_600_000

const post: PostInput = {
  kind: 'post',
  order: 'o_fck7qd6bckys2eiuxjf7u36sdw',
  platform: 'lark',
  shop: '',
  platformOrders: ['6900000000000000001'],
  parcel: '-',
  courier: 'swift',
  shard: 3,
  request: 'request-1',
  signedAt: START,
  hmacs: ['body'],
  sealed: ['receiver', 'sender'],
  boxes: 1,
  deadline: START + 24 * HOUR,
  expiresAt: START + 90 * 24 * HOUR,
  doc: '{}',
}

/** An input that may need to know the entry that is owed. */
type Cause = Input | ((owed: string) => Input)

const accepts =
  (...waybills: [string, ...string[]]): Cause =>
  owed => ({
    kind: 'answer',
    courier: 'swift',
    entry: owed,
    verdict: { outcome: 'accepted', waybills, document: JSON.stringify({ waybills }) },
  })
const refuses: Cause = owed => ({
  kind: 'answer',
  courier: 'swift',
  entry: owed,
  verdict: { outcome: 'refused', document: 'refused' },
})
const pends: Cause = owed => ({
  kind: 'answer',
  courier: 'swift',
  entry: owed,
  verdict: { outcome: 'pending' },
})
const cancels: Cause = { kind: 'cancel', platform: 'lark' }
const decides =
  (result: 'granted' | 'denied' | 'pending'): Cause =>
  owed => ({ kind: 'cancel-answer', courier: 'swift', entry: owed, result, document: result })
const changes: Cause = {
  ...{ kind: 'replace', platform: 'lark', at: START + HOUR, tags: ['new'], rev: 2 },
  ...{ replaced: 'old', sealed: ['receiver'], doc: '{}' },
}
const lapses: Cause = { kind: 'deadline', document: 'expired' }
const late: PostInput = { ...post, request: 'request-2', signedAt: START + 1000 * HOUR }

let events = 0
const happens = (status: Status, changes: Partial<EventInput> = {}): Cause => {
  events += 1
  const event = changes.event ?? `e_${events}`
  const at = START + events * 1000
  const base = { kind: 'event', courier: 'swift', waybill: 'SW1', role: 'box' } as const
  return { ...base, event, status, at, document: event, ...changes }
}

interface Walked {
  readonly head: Head | undefined
  readonly decision: Decision<Outcome>
  readonly now: number
}

/** Walks an order through causes, an hour apart from the first on; the last decision is kept. */
function walk(causes: readonly Cause[], hours = 1): Walked {
  let head: Head | undefined
  let decision: Decision<Outcome> = { outcome: { kind: 'unknown' } }
  let now = START
  for (const [i, cause] of causes.entries()) {
    now = START + (i === causes.length - 1 ? hours * HOUR : 0) + i
    const input = typeof cause === 'function' ? cause(head?.owed ?? 'none') : cause
    decision = next(head, input, now)
    head = decision.step?.head ?? head
  }
  return { head, decision, now }
}

const putsOf = ({ step }: Decision<Outcome>) =>
  (step?.put ?? []).map(({ feed, kind, id }) => {
    const due = id.endsWith('a') ? ' (answer due)' : ''
    return `${feed.side} ${kind}${due}`
  })

interface Row {
  readonly from: string
  readonly causes: readonly Cause[]
  readonly outcome: Outcome
  readonly phase: Phase
  readonly state: Head['state']
  /** New entries. */
  readonly put: readonly string[]
  /** Entries taken away. */
  readonly drop?: number
  /** Numbers that look up the order from now on. */
  readonly refs?: readonly string[]
  readonly hours?: number
}

const same = { put: [], drop: 0 } as const
const CLOSE = 'custody close'

const rows: Row[] = [
  {
    from: 'absent: post',
    causes: [post],
    outcome: { kind: 'posted' },
    phase: 'posted',
    state: 'posted',
    put: ['courier waybill (answer due)'],
    refs: ['6900000000000000001'],
  },
  {
    from: 'posted: accepted',
    causes: [post, accepts('SW1', 'SW2')],
    outcome: { kind: 'accepted' },
    phase: 'accepted',
    state: 'accepted',
    put: ['platform ebill'],
    drop: 1,
    refs: ['SW1', 'SW2'],
  },
  {
    from: 'posted: pending',
    causes: [post, pends],
    outcome: { kind: 'pending' },
    ...same,
    phase: 'posted',
    state: 'posted',
  },
  {
    from: 'posted: refused',
    causes: [post, refuses],
    outcome: { kind: 'refused' },
    phase: 'closed',
    state: 'refused',
    put: ['platform ebill', CLOSE],
    drop: 1,
  },
  {
    from: 'posted: cancel',
    causes: [post, cancels],
    outcome: { kind: 'cancelled' },
    phase: 'closed',
    state: 'cancelled',
    put: ['courier cancel', CLOSE],
    drop: 1,
  },
  {
    from: 'posted: deadline',
    causes: [post, lapses],
    hours: 24,
    outcome: { kind: 'expired' },
    phase: 'closed',
    state: 'expired',
    put: ['courier cancel', 'platform ebill', CLOSE],
    drop: 1,
  },
  {
    from: 'posted: deadline too early',
    causes: [post, lapses],
    hours: 23,
    outcome: { kind: 'not-due' },
    ...same,
    phase: 'posted',
    state: 'posted',
  },
  {
    from: 'posted: event; the answer is still owed',
    causes: [post, happens('collected')],
    outcome: { kind: 'tracked' },
    phase: 'posted',
    state: 'posted',
    put: ['platform tracking'],
  },
  {
    from: 'posted: answer to an entry that was replaced',
    causes: [post, () => accepted('1767225600000.o_fck7qd6bckys2eiuxjf7u36sdw.9.3a')],
    outcome: { kind: 'gone', state: 'posted' },
    ...same,
    phase: 'posted',
    state: 'posted',
  },
  {
    from: 'accepted: the same answer',
    causes: [post, accepts('SW1'), accepts('SW1')],
    outcome: { kind: 'same' },
    ...same,
    phase: 'accepted',
    state: 'accepted',
  },
  {
    from: 'accepted: another number',
    causes: [post, accepts('SW1'), accepts('SW2')],
    outcome: { kind: 'conflict' },
    ...same,
    phase: 'accepted',
    state: 'accepted',
  },
  {
    from: 'accepted: another sorting for the same number',
    causes: [post, accepts('SW1'), () => accepted('', 'with another mark')],
    outcome: { kind: 'accepted' },
    phase: 'accepted',
    state: 'accepted',
    put: ['platform ebill'],
  },
  {
    from: 'accepted: refused after all',
    causes: [post, accepts('SW1'), refuses],
    outcome: { kind: 'conflict' },
    ...same,
    phase: 'accepted',
    state: 'accepted',
  },
  {
    from: 'accepted: deadline',
    causes: [post, accepts('SW1'), lapses],
    hours: 48,
    outcome: { kind: 'gone', state: 'accepted' },
    ...same,
    phase: 'accepted',
    state: 'accepted',
  },
  {
    from: 'accepted: cancel',
    causes: [post, accepts('SW1'), cancels],
    outcome: { kind: 'cancel-asked' },
    phase: 'accepted',
    state: 'cancelling',
    put: ['courier cancel (answer due)'],
  },
  {
    from: 'cancel asked: cancel again',
    causes: [post, accepts('SW1'), cancels, cancels],
    outcome: { kind: 'cancel-asked' },
    ...same,
    phase: 'accepted',
    state: 'cancelling',
  },
  {
    from: 'cancel asked: granted',
    causes: [post, accepts('SW1'), cancels, decides('granted')],
    outcome: { kind: 'cancelled' },
    phase: 'closed',
    state: 'cancelled',
    put: ['platform cancel', CLOSE],
    drop: 1,
  },
  {
    from: 'cancel asked: denied',
    causes: [post, accepts('SW1'), cancels, decides('denied')],
    outcome: { kind: 'cancel-denied' },
    phase: 'accepted',
    state: 'accepted',
    put: ['platform cancel'],
    drop: 1,
  },
  {
    from: 'cancel asked: pending',
    causes: [post, accepts('SW1'), cancels, decides('pending')],
    outcome: { kind: 'pending' },
    ...same,
    phase: 'accepted',
    state: 'cancelling',
  },
  {
    from: 'cancel asked: collected; only the answer decides',
    causes: [post, accepts('SW1'), cancels, happens('collected')],
    outcome: { kind: 'tracked' },
    phase: 'moving',
    state: 'cancelling',
    put: ['platform tracking'],
  },
  {
    from: 'cancel asked, collected: denied',
    causes: [post, accepts('SW1'), cancels, happens('collected'), decides('denied')],
    outcome: { kind: 'cancel-denied' },
    phase: 'moving',
    state: 'accepted',
    put: ['platform cancel'],
    drop: 1,
  },
  {
    from: 'cancel asked: a push says cancelled; only the answer decides',
    causes: [post, accepts('SW1'), cancels, happens('cancelled')],
    outcome: { kind: 'tracked' },
    phase: 'closed',
    state: 'cancelling',
    put: ['platform tracking', CLOSE],
  },
  {
    from: 'cancelled: granted again',
    causes: [post, accepts('SW1'), cancels, decides('granted'), decides('granted')],
    outcome: { kind: 'same' },
    ...same,
    phase: 'closed',
    state: 'cancelled',
  },
  {
    from: 'denied: denied again',
    causes: [post, accepts('SW1'), cancels, decides('denied'), decides('denied')],
    outcome: { kind: 'same' },
    ...same,
    phase: 'accepted',
    state: 'accepted',
  },
  {
    from: 'denied: granted after all',
    causes: [post, accepts('SW1'), cancels, decides('denied'), decides('granted')],
    outcome: { kind: 'gone', state: 'accepted' },
    ...same,
    phase: 'accepted',
    state: 'accepted',
  },
  {
    from: 'denied: cancel again gives the outcome',
    causes: [post, accepts('SW1'), cancels, decides('denied'), cancels],
    outcome: { kind: 'cancel-denied' },
    ...same,
    phase: 'accepted',
    state: 'accepted',
  },
  ...(['collected', 'departed', 'arrived', 'in-transit', 'at-pickup-point'] as const).map(
    (status): Row => ({
      from: `accepted: ${status}`,
      causes: [post, accepts('SW1'), happens(status)],
      outcome: { kind: 'tracked' },
      phase: 'moving',
      state: 'accepted',
      put: ['platform tracking'],
    }),
  ),
  ...(['accepted', 'pickup-assigned', 'problem', 'unknown'] as const).map(
    (status): Row => ({
      from: `accepted: ${status}`,
      causes: [post, accepts('SW1'), happens(status)],
      outcome: { kind: 'tracked' },
      phase: 'accepted',
      state: 'accepted',
      put: ['platform tracking'],
    }),
  ),
  {
    from: 'accepted: out for delivery without an assignment',
    causes: [post, accepts('SW1'), happens('out-for-delivery')],
    outcome: { kind: 'tracked' },
    phase: 'moving',
    state: 'accepted',
    put: ['platform tracking', 'courier assignment-missing'],
  },
  {
    from: 'moving: out for delivery a second time without an assignment',
    causes: [post, accepts('SW1'), happens('out-for-delivery'), happens('out-for-delivery')],
    outcome: { kind: 'tracked' },
    phase: 'moving',
    state: 'accepted',
    put: ['platform tracking'],
  },
  {
    from: 'accepted: out for delivery with an assignment',
    causes: [
      post,
      accepts('SW1'),
      { kind: 'assigned', courier: 'swift', group: 'receiver' },
      happens('out-for-delivery'),
    ],
    outcome: { kind: 'tracked' },
    phase: 'moving',
    state: 'accepted',
    put: ['platform tracking'],
  },
  {
    from: 'accepted: out for delivery of an order that is not sealed',
    causes: [{ ...post, sealed: ['sender'] }, accepts('SW1'), happens('out-for-delivery')],
    outcome: { kind: 'tracked' },
    phase: 'moving',
    state: 'accepted',
    put: ['platform tracking'],
  },
  {
    from: 'moving: cancel',
    causes: [post, accepts('SW1'), happens('collected'), cancels],
    outcome: { kind: 'too-late' },
    ...same,
    phase: 'moving',
    state: 'accepted',
  },
  ...(['delivered', 'returned', 'lost', 'cancelled'] as const).flatMap((status): Row[] =>
    [[], [happens('collected')]].map(before => ({
      from: `${before.length ? 'moving' : 'accepted'}: ${status}`,
      causes: [post, accepts('SW1'), ...before, happens(status)],
      outcome: { kind: 'tracked' },
      phase: 'closed',
      state: 'accepted',
      put: ['platform tracking', CLOSE],
    })),
  ),
  ...(['returning', 'refused'] as const).map(
    (status): Row => ({
      from: `delivered: ${status}`,
      causes: [post, accepts('SW1'), happens('delivered'), happens(status)],
      outcome: { kind: 'tracked' },
      phase: 'moving',
      state: 'accepted',
      put: ['platform tracking'],
    }),
  ),
  {
    from: 'delivered: an older scan comes late',
    causes: [post, accepts('SW1'), happens('delivered'), happens('returning', { at: START })],
    outcome: { kind: 'tracked' },
    phase: 'closed',
    state: 'accepted',
    put: ['platform tracking'],
  },
  {
    from: 'delivered: arrived, which does not revoke',
    causes: [post, accepts('SW1'), happens('delivered'), happens('arrived')],
    outcome: { kind: 'tracked' },
    phase: 'closed',
    state: 'accepted',
    put: ['platform tracking'],
  },
  {
    from: 'delivered: cancel',
    causes: [post, accepts('SW1'), happens('delivered'), cancels],
    outcome: { kind: 'too-late' },
    ...same,
    phase: 'closed',
    state: 'accepted',
  },
  {
    from: 'a push said cancelled: cancel is still asked',
    causes: [post, accepts('SW1'), happens('cancelled'), cancels],
    outcome: { kind: 'cancel-asked' },
    phase: 'closed',
    state: 'cancelling',
    put: ['courier cancel (answer due)'],
  },
  {
    from: 'a push said cancelled: the parcel moves on',
    causes: [post, accepts('SW1'), happens('cancelled'), happens('arrived')],
    outcome: { kind: 'tracked' },
    phase: 'moving',
    state: 'accepted',
    put: ['platform tracking'],
  },
  ...(
    [
      ['cancelled', [post, cancels]],
      ['refused', [post, refuses]],
      ['cancelled', [post, accepts('SW1'), cancels, decides('granted')]],
    ] as const
  ).flatMap(([state, causes]): Row[] => [
    {
      from: `${state}: late acceptance`,
      causes: [...causes, accepts('SW1')],
      outcome: { kind: 'gone', state },
      ...same,
      phase: 'closed',
      state,
    },
    {
      from: `${state}: moving`,
      causes: [...causes, happens('collected')],
      outcome: state === 'cancelled' ? { kind: 'tracked', alarm: true } : { kind: 'tracked' },
      phase: 'closed',
      state,
      put: ['platform tracking'],
    },
    {
      from: `${state}: posted again by the same request`,
      causes: [...causes, { ...late, request: post.request }],
      outcome: { kind: 'repeat', compared: 'open' },
      ...same,
      phase: 'closed',
      state,
    },
    {
      from: `${state}: posted again by another request of an earlier time`,
      causes: [...causes, { ...late, signedAt: START }],
      outcome: { kind: 'repeat', compared: 'open' },
      ...same,
      phase: 'closed',
      state,
    },
  ]),
  {
    from: 'refused: posted anew',
    causes: [post, refuses, late],
    outcome: { kind: 'posted' },
    phase: 'posted',
    state: 'posted',
    put: ['courier waybill (answer due)'],
    refs: ['6900000000000000001'],
  },
  ...([[cancels], [accepts('SW1'), cancels, decides('granted')]] as const).map(
    (causes): Row => ({
      from: 'cancelled: posted anew goes on under another name',
      causes: [post, ...causes, late],
      outcome: { kind: 'over' },
      ...same,
      phase: 'closed',
      state: 'cancelled',
    }),
  ),
  {
    from: 'refused: the same refusal',
    causes: [post, refuses, refuses],
    outcome: { kind: 'same' },
    ...same,
    phase: 'closed',
    state: 'refused',
  },
  {
    from: 'refused: cancel',
    causes: [post, refuses, cancels],
    outcome: { kind: 'closed', state: 'refused' },
    ...same,
    phase: 'closed',
    state: 'refused',
  },
  {
    from: 'cancelled: cancel',
    causes: [post, cancels, cancels],
    outcome: { kind: 'cancelled' },
    ...same,
    phase: 'closed',
    state: 'cancelled',
  },
  {
    from: 'delivered: posted anew is not to be had',
    causes: [post, accepts('SW1'), happens('delivered'), late],
    outcome: { kind: 'repeat', compared: 'open' },
    ...same,
    phase: 'closed',
    state: 'accepted',
  },
  {
    from: 'any: the same event again',
    causes: [
      post,
      accepts('SW1'),
      happens('arrived', { event: 'e_x' }),
      happens('lost', { event: 'e_x' }),
    ],
    outcome: { kind: 'duplicate' },
    ...same,
    phase: 'moving',
    state: 'accepted',
  },
  {
    from: 'posted: the same body',
    causes: [post, post],
    outcome: { kind: 'repeat', compared: 'all' },
    ...same,
    phase: 'posted',
    state: 'posted',
  },
  {
    from: 'posted: another body',
    causes: [post, { ...post, hmacs: ['other'] }],
    outcome: { kind: 'changed' },
    phase: 'posted',
    state: 'posted',
    put: [],
  },
  {
    from: 'posted: receiver changed',
    causes: [post, changes],
    outcome: { kind: 'replaced' },
    phase: 'posted',
    state: 'posted',
    put: ['courier waybill (answer due)'],
    drop: 1,
  },
  {
    from: 'accepted: receiver changed',
    causes: [post, accepts('SW1'), changes],
    outcome: { kind: 'too-late' },
    ...same,
    phase: 'accepted',
    state: 'accepted',
  },
  {
    from: 'accepted: held, and nothing may be assigned',
    causes: [
      post,
      accepts('SW1'),
      { kind: 'hold', platform: 'lark', on: true },
      { kind: 'assigned', courier: 'swift', group: 'receiver' },
    ],
    outcome: { kind: 'not-assignable' },
    ...same,
    phase: 'accepted',
    state: 'accepted',
  },
  {
    from: 'accepted: held, then resumed',
    causes: [
      post,
      accepts('SW1'),
      { kind: 'hold', platform: 'lark', on: true },
      { kind: 'hold', platform: 'lark', on: false },
    ],
    outcome: { kind: 'resumed' },
    phase: 'accepted',
    state: 'accepted',
    put: ['courier change'],
  },
  {
    from: 'posted: assigned too early',
    causes: [post, { kind: 'assigned', courier: 'swift', group: 'receiver' }],
    outcome: { kind: 'not-assignable' },
    ...same,
    phase: 'posted',
    state: 'posted',
  },
  {
    from: 'a forged delivery: still assignable',
    causes: [
      post,
      accepts('SW1'),
      happens('delivered'),
      { kind: 'assigned', courier: 'swift', group: 'receiver' },
    ],
    outcome: { kind: 'assigned' },
    phase: 'closed',
    state: 'accepted',
    put: [],
  },
  {
    from: 'accepted: owed anew',
    causes: [post, accepts('SW1'), { kind: 'redrive', courier: 'swift' }],
    outcome: { kind: 'redriven' },
    phase: 'accepted',
    state: 'accepted',
    put: ['courier waybill-copy'],
  },
]

function accepted(entry: string, document = 'x'): Input {
  const verdict = { outcome: 'accepted', waybills: ['SW1'], document } as const
  return { kind: 'answer', courier: 'swift', entry, verdict }
}

describe('each row of the table', () => {
  for (const row of rows) {
    test(row.from, () => {
      const { head, decision } = walk(row.causes, row.hours)
      assert.ok(head)
      assert.deepEqual(decision.outcome, row.outcome)
      assert.equal(phaseOf(head), row.phase)
      assert.equal(head.state, row.state)
      assert.deepEqual(putsOf(decision), row.put)
      assert.equal(decision.step?.drop.length ?? 0, row.drop ?? 0)
      const refs = (decision.step?.refs ?? []).map(ref =>
        ref.by === 'platform' ? ref.platformOrder : ref.waybill,
      )
      assert.deepEqual(refs, row.refs ?? [])
      assert.equal(decision.step === undefined, row.put.length === 0 && !writesSilently(row))
    })
  }
})

/** Steps that owe nobody anything. */
function writesSilently({ outcome }: Row): boolean {
  return outcome.kind === 'changed' || outcome.kind === 'assigned'
}

describe('tracking', () => {
  const after = (...causes: Cause[]) => walk([post, accepts('SW1'), ...causes]).head

  test('the status follows the newest time', () => {
    const [t1, t2, t3] = [START + 1, START + 2, START + 3]
    const head = after(
      happens('arrived', { at: t2 }),
      happens('departed', { at: t1 }),
      happens('problem', { at: t3 }),
      happens('collected', { at: t1 }),
    )
    assert.equal(head?.tracking.status, 'problem')
    assert.equal(head?.tracking.at, t3)
  })

  test('an order of several boxes is delivered when all of them are', () => {
    const boxes = ['SW1', 'SW2', 'SW3'] as const
    const some = [post, accepts(...boxes)]
    for (const waybill of ['SW1', 'SW1', 'SW2'] as const) {
      some.push(happens('delivered', { waybill }))
      assert.equal(walk(some).head?.tracking.ended, undefined)
    }
    some.push(happens('delivered', { waybill: 'SW3' }))
    assert.equal(walk(some).head?.tracking.ended, 'delivered')
    some.push(happens('returning', { waybill: 'SW2' }))
    assert.equal(walk(some).head?.tracking.ended, undefined)
    some.push(happens('returned', { waybill: 'SW2' }))
    assert.equal(walk(some).head?.tracking.ended, 'returned')
  })

  test('what arrives under the number of the way back is returned', () => {
    const head = after(
      happens('returning', { returnWaybill: 'SW9' }),
      happens('delivered', { waybill: 'SW9', role: 'return' }),
    )
    assert.equal(head?.tracking.ended, 'returned')
  })

  test('a receipt on its way back moves nothing', () => {
    const head = after(happens('delivered', { waybill: 'SW8', role: 'sign-back' }))
    assert.deepEqual(head?.tracking, { at: 0 })
  })

  test('returned after delivered counts; lost after returned does not', () => {
    assert.equal(after(happens('delivered'), happens('returned'))?.tracking.ended, 'returned')
    assert.equal(after(happens('returned'), happens('lost'))?.tracking.ended, 'returned')
    assert.equal(after(happens('cancelled'), happens('delivered'))?.tracking.ended, 'delivered')
  })

  test('the last sixteen events are remembered', () => {
    const some = Array.from({ length: 17 }, (_, i) => happens('arrived', { event: `e_m${i}` }))
    const repeated = (i: number) =>
      walk([post, ...some, happens('arrived', { event: `e_m${i}` })]).decision.outcome.kind
    assert.equal(repeated(1), 'duplicate')
    assert.equal(repeated(16), 'duplicate')
    assert.equal(repeated(0), 'tracked')
  })

  test('the number of the way back is registered once', () => {
    const first = happens('returning', { returnWaybill: 'SW9' })
    assert.equal(walk([post, first]).decision.step?.refs.length, 1)
    const again = happens('returning', { returnWaybill: 'SW9' })
    assert.deepEqual(walk([post, first, again]).decision.step?.refs, [])
    const other = happens('returning', { returnWaybill: 'SW10' })
    assert.equal(walk([post, first, again, other]).decision.step?.refs.length, 1)
  })
})

describe('bodies', () => {
  const bodies = (...hmacs: string[]) =>
    walk([post, ...hmacs.map(hmac => ({ ...post, hmacs: [hmac] }) as const)])

  test('five that differ lock the order, for the right one, too', () => {
    assert.deepEqual(bodies('1', '2', '3', '4', '5').decision.outcome, { kind: 'changed' })
    assert.deepEqual(bodies('1', '2', '3', '4', '5', '6').decision.outcome, { kind: 'locked' })
    assert.deepEqual(bodies('1', '2', '3', '4', '5', 'body').decision.outcome, { kind: 'locked' })
  })

  test('one that is repeated counts once', () => {
    const { head } = bodies('1', '1', '1', '2', '1')
    assert.equal(head?.wrong?.length, 2)
  })

  test('the hash is gone once the courier has answered', () => {
    for (const ends of [accepts('SW1'), refuses, lapses, cancels]) {
      const { head } = walk([post, { ...post, hmacs: ['1'] }, ends], 48)
      assert.ok(head && !('hmac' in head) && !('wrong' in head))
    }
  })
})

describe('time and strangers', () => {
  test('an order whose time is over is as none', () => {
    const { head } = walk([post, accepts('SW1')])
    const over = post.expiresAt + 1
    for (const cause of [cancels, happens('arrived')]) {
      const input = typeof cause === 'function' ? cause('') : cause
      assert.deepEqual(next(head, input, over), { outcome: { kind: 'unknown' } })
      assert.deepEqual(next(undefined, input, over), { outcome: { kind: 'unknown' } })
    }
    const anew = next(head, post, over)
    assert.equal(anew.outcome.kind, 'posted')
    assert.equal(anew.step?.head.life, 2)
  })

  test('an order that nobody answered in time is posted anew by a repeat that is signed later', () => {
    const { head, now } = walk([post, lapses], 24)
    assert.equal(head?.state, 'expired')
    const early = next(head, post, now + 1)
    assert.deepEqual(early, { outcome: { kind: 'repeat', compared: 'open' } })
    const anew = next(head, { ...post, signedAt: now + 1 }, now + 1)
    assert.equal(anew.outcome.kind, 'posted')
    assert.equal(anew.step?.head.life, 2)
  })

  test('an order that is posted over an unanswered one takes its entry away', () => {
    const { head } = walk([post])
    const { step } = next(head, { ...post, shard: 5 }, post.expiresAt + 1)
    assert.deepEqual(step?.drop, [
      { feed: { side: 'courier', partner: 'swift', shard: 3 }, id: head?.owed },
    ])
  })

  test('another partner meets the answer for an order that is none', () => {
    const { head } = walk([post, accepts('SW1')])
    const inputs: Input[] = [
      { kind: 'cancel', platform: 'other' },
      { kind: 'hold', platform: 'other', on: true },
      { kind: 'redrive', courier: 'other' },
      { kind: 'assigned', courier: 'other', group: 'receiver' },
    ]
    for (const input of inputs) {
      assert.deepEqual(next(head, input, START), next(undefined, input, START))
    }
  })

  test('entries of one order never change places, whatever the clock does', () => {
    let head: Head | undefined
    let last = 0
    for (const [i, now] of [START, START - 5000, START, START, START - HOUR].entries()) {
      const input = i === 0 ? post : eventAt(i)
      const { step } = next(head, input, now)
      head = step?.head
      assert.ok(head && head.last > last)
      last = head.last
    }
  })
})

function eventAt(i: number): Input {
  const cause = happens('arrived', { event: `e_clock${i}` })
  return typeof cause === 'function' ? cause('') : cause
}

describe('any walk', () => {
  const statuses: Status[] = [
    ...(['accepted', 'collected', 'arrived', 'out-for-delivery', 'problem', 'delivered'] as const),
    ...(['returning', 'returned', 'cancelled', 'lost', 'unknown'] as const),
  ]
  const causes: fc.Arbitrary<Cause> = fc.oneof(
    fc.constantFrom<Cause>(post, late, { ...post, hmacs: ['other'] }),
    fc.constantFrom<Cause>(accepts('SW1'), accepts('SW2'), refuses, pends),
    fc.constantFrom<Cause>(cancels, decides('granted'), decides('denied'), lapses),
    fc.constantFrom<Cause>(
      { kind: 'hold', platform: 'lark', on: true },
      { kind: 'assigned', courier: 'swift', group: 'receiver' },
      changes,
    ),
    fc
      .record({
        status: fc.constantFrom(...statuses),
        event: fc.integer({ max: 20, min: 0 }).map(i => `e_any${i}`),
        at: fc.integer({ min: START, max: START + 100 }),
      })
      .map(({ status, ...rest }) => happens(status, rest)),
  )
  const ticks = fc.integer({ min: -HOUR, max: 30 * HOUR })
  const RANK = { posted: 0, accepted: 1, moving: 2, closed: 3 }

  /** What a platform must be told, by outcome. */
  const TOLD: Partial<Record<Outcome['kind'], string>> = {
    accepted: 'platform ebill',
    refused: 'platform ebill',
    expired: 'platform ebill',
    tracked: 'platform tracking',
    'cancel-denied': 'platform cancel',
  }

  test('versions rise, phases never go back, every change is owed exactly once', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(causes, ticks), { maxLength: 40 }), list => {
        let head: Head | undefined
        let now = START
        const live = new Set<string>()
        for (const [cause, tick] of list) {
          now = Math.max(START, now + tick)
          const input = typeof cause === 'function' ? cause(head?.owed ?? 'none') : cause
          const decision = next(head, input, now)
          const { step } = decision
          if (step === undefined) continue
          checkStep(head, step.head, input)
          assert.equal(step.head.version, (head?.version ?? 0) + 1)
          const told = putsOf(decision).filter(put => put.startsWith('platform'))
          const expected =
            input.kind === 'cancel-answer' ? 'platform cancel' : TOLD[decision.outcome.kind]
          assert.deepEqual(told, expected === undefined ? [] : [expected])
          for (const { id, feed } of step.drop) {
            assert.equal(feed.side, 'courier')
            assert.ok(live.delete(id), 'an entry is taken away that is not owed')
          }
          for (const { id } of step.put) if (id.endsWith('a')) live.add(id)
          head = step.head
          assert.deepEqual([...live], head.owed === undefined ? [] : [head.owed])
        }
      }),
      { numRuns: 2000 },
    )
  })

  function checkStep(before: Head | undefined, head: Head, input: Input): void {
    if (before === undefined || before.life !== head.life) {
      assert.equal(input.kind, 'post')
      assert.equal(head.life, (before?.life ?? 0) + 1)
      return
    }
    const [was, is] = [RANK[phaseOf(before)], RANK[phaseOf(head)]]
    const revived = before.tracking.ended === 'delivered' || before.tracking.ended === 'cancelled'
    assert.ok(is >= was || (was === 3 && is === 2 && revived && input.kind === 'event'))
    const over = ['refused', 'cancelled', 'expired'].includes(before.state)
    if (over) assert.equal(head.state, before.state)
    if (input.kind === 'event') assert.equal(head.state, before.state)
    if (before.state !== 'posted') assert.notEqual(head.state, 'posted')
    assert.ok(head.last >= before.last)
  }

  test('the same cause at once again changes nothing more', () => {
    fc.assert(
      fc.property(fc.array(causes, { maxLength: 12 }), causes, (list, last) => {
        const { head } = walk(list)
        const input = typeof last === 'function' ? last(head?.owed ?? 'none') : last
        const first = next(head, input, START)
        const again = next(first.step?.head ?? head, input, START)
        assert.equal(again.step, undefined)
      }),
      { numRuns: 2000 },
    )
  })

  test('the decision leaves what it is given as it was', () => {
    fc.assert(
      fc.property(fc.array(causes, { maxLength: 12 }), causes, (list, last) => {
        const { head } = walk(list)
        const copy = structuredClone(head)
        next(head, typeof last === 'function' ? last(head?.owed ?? '') : last, START)
        assert.deepEqual(head, copy)
      }),
    )
  })
})
