import { test } from 'node:test'
import fc from 'fast-check'
import { kye } from '../../../lib/couriers/kye/index.ts'
import { GatewayError } from '../../../lib/model/errors.ts'
import { eventId } from '../../../lib/model/order-id.ts'
import { checkAcceptance, checkEvent } from '../../../lib/model/validate.ts'
import { fixture, orderOf, push } from './fixtures.ts'

const order = orderOf('basic')

/** A document in which one place, at any depth, holds something else. */
function spoilt(document: unknown): fc.Arbitrary<unknown> {
  return fc
    .tuple(fc.constantFrom(...pointersOf(document)), fc.jsonValue())
    .map(([place, value]) => replaced(document, place, value))
}

function pointersOf(node: unknown): string[][] {
  if (typeof node !== 'object' || node === null) return [[]]
  const below = Object.entries(node).flatMap(([name, value]) =>
    pointersOf(value).map(rest => [name, ...rest]),
  )
  return [[], ...below]
}

function replaced(node: unknown, [name, ...rest]: readonly string[], value: unknown): unknown {
  if (name === undefined) return value
  if (Array.isArray(node))
    return node.map((item, n) => (String(n) === name ? replaced(item, rest, value) : item))
  return { ...Object(node), [name]: replaced(Object(node)[name], rest, value) }
}

function readOrRefuse(read: () => unknown): void {
  try {
    read()
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
  }
}

test('a spoilt answer is read as an acceptance or refused', () => {
  for (const name of ['answer-basic.wire', 'answer-pieces.wire'])
    fc.assert(
      fc.property(spoilt(fixture(name)), document =>
        readOrRefuse(() => checkAcceptance(kye.readAnswer(document, order))),
      ),
    )
})

test('a spoilt answer to a cancellation is read or refused', () => {
  fc.assert(
    fc.property(spoilt({ code: 10000, success: true, msg: '' }), document =>
      readOrRefuse(() => kye.readCancelResult(document, order)),
    ),
  )
})

test('a spoilt push is read as events or refused', () => {
  const nodes = ['basic', 'losses', 'return'].map(name => fixture(`event-${name}.wire`))
  const readEvents = (document: unknown) => kye.readEvents(push(JSON.stringify(document)))
  fc.assert(
    fc.property(spoilt(nodes), document =>
      readOrRefuse(() => {
        for (const { key, ...event } of readEvents(document)) {
          const named = { event: eventId('kye', key), order: order.order, courier: 'kye' }
          checkEvent({ ...named, ...event })
        }
      }),
    ),
  )
})

test('any text as a step is an event', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), step => {
      const [event] = kye.readEvents(
        push(
          JSON.stringify([
            { ...Object(fixture('event-basic.wire')), step: step.replaceAll('\0', '') },
          ]),
        ),
      )
      const { key = [], ...rest } = event ?? {}
      checkEvent({ event: eventId('kye', key), order: order.order, courier: 'kye', ...rest })
    }),
  )
})
