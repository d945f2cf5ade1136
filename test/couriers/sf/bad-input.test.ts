import { test } from 'node:test'
import fc from 'fast-check'
import { sf } from '../../../lib/couriers/sf/index.ts'
import { GatewayError } from '../../../lib/model/errors.ts'
import { checkAcceptance } from '../../../lib/model/validate.ts'
import { fixture, orderOf } from './fixtures.ts'

const order = orderOf('basic')

/** A document in which one place, at any depth, holds something else. */
function spoilt(document: unknown): fc.Arbitrary<unknown> {
  const places = pointersOf(document)
  return fc
    .tuple(fc.constantFrom(...places), fc.jsonValue())
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
        readOrRefuse(() => checkAcceptance(sf.readAnswer(document, order))),
      ),
    )
})

test('a spoilt answer to a cancellation is read or refused', () => {
  const answer = { success: true, errorCode: 'S0000', msgData: { orderId: '', resStatus: 2 } }
  fc.assert(
    fc.property(spoilt({ apiResultCode: 'A1000', apiResultData: answer }), document =>
      readOrRefuse(() => sf.readCancelResult(document, order)),
    ),
  )
})

test('a spoilt push is read or refused', () => {
  fc.assert(
    fc.property(spoilt(fixture('push-basic.wire')), document =>
      readOrRefuse(() => sf.readEvents(post(JSON.stringify(document)))),
    ),
  )
})

const post = (text: string) => ({
  method: 'POST',
  path: '/v1/couriers/sf/events',
  query: new Map<string, string>(),
  headers: new Map<string, string>(),
  body: new TextEncoder().encode(text),
})
