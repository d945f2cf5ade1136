import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GatewayError } from '../../../lib/model/errors.ts'
import { checkPersonal } from '../../../lib/model/validate.ts'
import { kuaishou } from '../../../lib/platforms/kuaishou/index.ts'
import { callOf, changeOf, credential, fixture } from './request.ts'

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
  '~',
  'KUAI_SHOU',
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

/** Calls `read` with every value at every place; it says how many were refused. */
function everywhere(text: string, read: (param: string, name: string) => number): number {
  let refused = 0
  for (const place of placesOf(JSON.parse(text))) {
    for (const value of values) {
      const document = JSON.parse(text)
      put(document, place, value)
      refused += read(JSON.stringify(document), `/${place.join('/')}`)
    }
  }
  return refused
}

function orRefused(name: string, step: () => number): number {
  try {
    return step()
  } catch (error) {
    assert.ok(error instanceof GatewayError, name)
    assert.ok(!error.message.includes('路'), name)
    return 1
  }
}

for (const file of ['request-clear', 'request-cipher']) {
  test(`${file}: whatever stands at any place, orders are read or refused`, () => {
    const refused = everywhere(fixture(`${file}.wire.json`), (param, name) =>
      orRefused(name, () => {
        const posted = kuaishou.readOrders(callOf(param), credential)
        for (const one of posted) {
          if ('error' in one) assert.ok(!one.error.message.includes('路'), name)
          else if (one.draft.receiver.personal) checkPersonal(one.draft.receiver.personal)
        }
        return posted.filter(one => 'error' in one).length
      }),
    )
    assert.ok(refused > 300, String(refused))
  })
}

test('a wrong place of one order leaves the other alone', () => {
  const text = fixture('request-clear.wire.json')
  const places = placesOf(JSON.parse(text)).filter(([, n, name]) => n === '0' && name)
  for (const place of places) {
    const document = JSON.parse(text)
    put(document, place, { wrong: true })
    const [, second] = kuaishou.readOrders(callOf(document), credential)
    assert.ok(second && 'draft' in second, place.join('/'))
  }
})

for (const [method, file] of [
  ['cancel', 'cancel-own'],
  ['cancel', 'cancel-order'],
  ['update', 'update-basic'],
  ['update', 'cipher-update-basic'],
] as const) {
  test(`${file}: whatever stands at any place, the wish is read or refused`, () => {
    const refused = everywhere(fixture(`${file}.wire.json`), (param, name) =>
      orRefused(name, () => {
        assert.equal(kuaishou.readChanges(changeOf(method, param), credential).length, 1)
        return 0
      }),
    )
    assert.ok(refused > 30, String(refused))
  })
}
