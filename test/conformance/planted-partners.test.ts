import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Courier } from '../../lib/couriers/courier.ts'
import { couriers } from '../../lib/couriers/index.ts'
import { platforms } from '../../lib/platforms/index.ts'
import type { Platform } from '../../lib/platforms/platform.ts'
import { type CourierLaw, courierLaws } from './courier-laws.ts'
import { platformLaws } from './platform-laws.ts'
import { subjects } from './subject.ts'

// The proof of the laws of doors: a partner of the lists, with one mistake, breaks the law for it.

const platform = found(platforms.find(({ calls }) => calls === 'native'))
const courier = found(couriers.find(({ pushes }) => pushes === 'signed'))
const subject = found(subjects.find(({ name }) => name === `couriers/${courier.name}`))

function found<T>(value: T | undefined): T {
  assert.ok(value)
  return value
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8')

const ofPlatforms: Readonly<Record<string, readonly [string, RegExp, Partial<Platform>]>> = {
  'an order is read for another courier': [
    'what its client posts is read, for every courier',
    /read as another courier/,
    {
      readOrders: (...given) =>
        platform
          .readOrders(...given)
          .map(one =>
            'draft' in one ? { ...one, draft: { ...one.draft, courier: 'swift' } } : one,
          ),
    },
  ],
  'whoever calls is let in': [
    'its signature is needed, and is enough',
    /a wrong secret is not refused/,
    { authenticate: (_, credentials) => found(credentials[0]) },
  ],
  'a stale call is let in': [
    'its signature is needed, and is enough',
    /a call of yesterday is not refused/,
    {
      authenticate: (request, credentials) =>
        platform.authenticate(request, credentials, new Date('2026-01-01T00:00:00Z')),
    },
  ],
  'nobody is let in': [
    'its signature is needed, and is enough',
    /orders: closed/,
    {
      authenticate: () => {
        throw new Error('closed')
      },
    },
  ],
  'a cancellation is taken for a notice': [
    'its cancellations and changes are read',
    /cancel: read as notice/,
    {
      readChanges: (...given) =>
        platform
          .readChanges(...given)
          .map(one => ('wish' in one ? { ...one, wish: { kind: 'notice' } as const } : one)),
    },
  ],
  'an error has no form': [
    'every error and outcome has a native form',
    /EPOCH_STALE: no form/,
    {
      fail: (error, request) => {
        if (error.code === 'EPOCH_STALE') throw new Error('no form')
        return platform.fail(error, request)
      },
    },
  ],
  'an error tells its cause': [
    'every error and outcome has a native form',
    /says a value/,
    {
      fail: (error, request) => ({
        ...platform.fail(error, request),
        body: String(Object(error.cause).message),
      }),
    },
  ],
  'a status has no event': [
    'every verdict and status has an event',
    /tracking redirected: nothing is written/,
    {
      writeTracking: (order, event, entry) =>
        event.status === 'redirected' ? undefined : platform.writeTracking(order, event, entry),
    },
  ],
  'what an answer echoes holds a name': [
    'marked fakes reach the seal alone',
    /native holds a mark/,
    {
      readOrders: (...given) =>
        platform
          .readOrders(...given)
          .map(one => ('draft' in one ? { ...one, native: one.draft.receiver.personal } : one)),
    },
  ],
  'what nobody named is echoed': [
    'an unknown member of a request stops here',
    /passes through/,
    {
      readOrders: (request, credential) =>
        platform
          .readOrders(request, credential)
          .map(one => ('draft' in one ? { ...one, native: text(request.body) } : one)),
    },
  ],
  'a request is logged': [
    'nothing is logged',
    /lines are logged/,
    {
      readOrders: (...given) => {
        console.log(text(given[0].body))
        return platform.readOrders(...given)
      },
    },
  ],
  'an answer quotes the request': [
    'no error tells what was refused',
    /says the value/,
    {
      answerOrders: (results, request) => ({
        ...platform.answerOrders(results, request),
        body: text(request.body),
      }),
      fail: (error, request) => ({ ...platform.fail(error, request), body: text(request.body) }),
    },
  ],
}

const ofCouriers: Readonly<Record<string, readonly [string, RegExp, Partial<Courier>]>> = {
  'every answer is taken for pending': [
    'its sandbox’s answers are read',
    /not accepted/,
    {
      readAnswer: (_, { order }) => ({ outcome: 'pending', order, courier: courier.name }),
    },
  ],
  'a refusal is taken for an acceptance': [
    'its sandbox’s answers are read',
    /not refused/,
    { sandbox: { ...courier.sandbox, refuse: courier.sandbox.answer } },
  ],
  'a denied cancellation is taken for granted': [
    'its cancellations are read',
    /denied is read as granted/,
    { readCancelResult: () => ({ result: 'granted' }) },
  ],
  'every event has one key': [
    'its pushes are read',
    /two events have one key/,
    {
      readEvents: request => courier.readEvents(request).map(event => ({ ...event, key: ['1'] })),
    },
  ],
  'the delivery is not read': [
    'its pushes are read',
    /no delivery/,
    {
      readEvents: request =>
        courier.readEvents(request).filter(({ status }) => status !== 'delivered'),
    },
  ],
  'whoever pushes is believed': [
    'its signature is needed, and is enough',
    /another secret is refused by nothing/,
    { authenticateEvents: () => {} },
  ],
  'an error looks like the acknowledgement': [
    'acknowledgement and errors say no value',
    /looks like the acknowledgement/,
    { fail: () => courier.acknowledge() },
  ],
  'an error tells its cause': [
    'acknowledgement and errors say no value',
    /says a value/,
    { fail: error => ({ ...courier.fail(error), body: String(Object(error.cause).message) }) },
  ],
}

for (const [mistake, [law, fault, change]] of Object.entries(ofPlatforms)) {
  test(`caught at a platform: ${mistake}`, () => {
    const faults = platformLaws[law]?.({ ...platform, ...change }) ?? []
    assert.ok(
      faults.some(one => fault.test(one)),
      faults.join('; ') || 'nothing found',
    )
  })
}

for (const [mistake, [law, fault, change]] of Object.entries(ofCouriers)) {
  test(`caught at a courier: ${mistake}`, () => {
    const faultsOf: CourierLaw | undefined = courierLaws[law]
    const faults = faultsOf?.({ ...courier, ...change }, subject) ?? []
    assert.ok(
      faults.some(one => fault.test(one)),
      faults.join('; ') || 'nothing found',
    )
  })
}

test('every law has a mistake that it catches', () => {
  const used = (of: Readonly<Record<string, readonly [string, ...unknown[]]>>) =>
    [...new Set(Object.values(of).map(([law]) => law))].sort()
  assert.deepEqual(used(ofPlatforms), Object.keys(platformLaws).sort())
  assert.deepEqual(used(ofCouriers), Object.keys(courierLaws).sort())
})
