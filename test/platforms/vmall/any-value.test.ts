import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GatewayError } from '../../../lib/model/errors.ts'
import { checkPersonal } from '../../../lib/model/validate.ts'
import { vmall } from '../../../lib/platforms/vmall/index.ts'
import { changed, credential, fixture, type Json, requestOf } from './request.ts'

const values: readonly unknown[] = [
  ...[null, true, 0, -1, 1.5, 1e21, '', ' ', '*', '-', '13800000000', '\u0000', '\u2028𠮷'],
  ...['路'.repeat(5000), [], [null], [[]], {}, { toString: 1 }],
]

/** Pointers of every place of a document. */
function placesOf(value: unknown, at = ''): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) => [
    `${at}/${name}`,
    ...placesOf(member, `${at}/${name}`),
  ])
}

function readOrRefuse(step: () => unknown, what: string): boolean {
  try {
    step()
    return false
  } catch (error) {
    assert.ok(error instanceof GatewayError, what)
    assert.ok(!error.message.includes('路'), what)
    return true
  }
}

test('whatever stands at any place of an order, it is read or refused', () => {
  const { order, ...head } = fixture('order-full.wire')
  const request: Json = { ...head, orders: [order] }
  let refused = 0
  for (const place of placesOf(request)) {
    for (const value of values) {
      const wrong = readOrRefuse(() => {
        const body = requestOf(changed(request, place, value))
        for (const posted of vmall.readOrders(body, credential)) {
          if ('error' in posted) throw posted.error
          for (const party of [posted.draft.sender, posted.draft.receiver]) {
            checkPersonal(party.personal)
          }
        }
      }, place)
      refused += Number(wrong)
    }
  }
  assert.ok(refused > 500)
})

test('whatever stands at any place of a change, it is read or refused', () => {
  const request: Json = fixture('change-receiver.wire')
  let refused = 0
  for (const place of placesOf(request)) {
    for (const value of values) {
      const body = requestOf(changed(request, place, value))
      refused += Number(readOrRefuse(() => vmall.readChanges(body, credential), place))
    }
  }
  assert.ok(refused > 100)
})
