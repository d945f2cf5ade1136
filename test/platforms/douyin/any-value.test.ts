import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GatewayError } from '../../../lib/model/errors.ts'
import { checkPersonal } from '../../../lib/model/validate.ts'
import { fixture, read } from './request.ts'

const values: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e21,
  '',
  ' ',
  '*',
  '-',
  '#',
  '##',
  '$$',
  '6900000000000000001',
  '13800000000',
  '\u0000',
  '\u2028𠮷',
  '路'.repeat(5000),
  [],
  [null],
  [[]],
  {},
  { toString: 1 },
]

/** Every place of a document, as the names that lead there. */
function placesOf(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) => [
    [name],
    ...placesOf(member).map(rest => [name, ...rest]),
  ])
}

function put(document: object, names: readonly string[], value: unknown): void {
  const parent = names
    .slice(0, -1)
    .reduce<object>((part, name) => Reflect.get(part, name), document)
  Reflect.set(parent, names.at(-1) ?? '', value)
}

for (const file of ['request-clear', 'request-cipher']) {
  const text = fixture(`${file}.wire.json`)
  test(`${file}: whatever stands at any place, orders are read or refused`, () => {
    let refused = 0
    for (const place of placesOf(JSON.parse(text))) {
      for (const value of values) {
        const document = JSON.parse(text)
        put(document, place, value)
        refused += readOrRefuse(document, place)
      }
    }
    assert.ok(refused > 500)
  })
}

/** How many orders were refused; all of them counts as one. */
function readOrRefuse(document: object, place: readonly string[]): number {
  const name = `/${place.join('/')}`
  try {
    const posted = read(JSON.stringify(document))
    const [, second] = posted
    if (place[0] === 'order_infos' && place[1] === '0') assert.ok(second && 'draft' in second, name)
    for (const one of posted) {
      if ('error' in one) assert.ok(!one.error.message.includes('路'), name)
      else if (one.draft.receiver.personal) checkPersonal(one.draft.receiver.personal)
    }
    return posted.filter(one => 'error' in one).length
  } catch (error) {
    assert.ok(error instanceof GatewayError, name)
    return 1
  }
}
