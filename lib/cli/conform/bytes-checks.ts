import { textOf } from '../send.ts'
import { type Check, expect, same } from './check.ts'
import type { Json } from './invent.ts'
import type { Kit } from './kit.ts'

/** A body that cannot be read in one way only: refused before anything is parsed for meaning. */
function refused(
  name: string,
  status: number,
  code: string,
  make: (order: string) => string | Uint8Array,
): Check<Kit> {
  return {
    name: `${status} for ${name}`,
    async run({ call, paths, order }) {
      const calls: [as: 'platform' | 'courier', path: string][] = [
        ['platform', `${paths.platform}/orders`],
        ['platform', `${paths.platform}/events/acks`],
        ['courier', `${paths.courier}/answers`],
        ['courier', `${paths.courier}/events`],
      ]
      for (const [as, path] of calls) {
        const reply = await call({ as, path, body: make(JSON.stringify(order())) })
        same(reply.status, status, `status of ${path}`)
        expect(reply.type.includes('application/problem+json'), `a problem document from ${path}`)
        same(textOf(reply.body, 'code'), code, `code from ${path}`)
      }
    },
  }
}

const malformed = (name: string, make: (order: string) => string | Uint8Array) =>
  refused(name, 400, 'MALFORMED', make)

const MEGABYTE = 1_048_576

/** Bodies that are no strict JSON. */
export const bytesChecks: readonly Check<Kit>[] = [
  malformed('JSON that breaks off', order => `{"orders":[${order}`),
  malformed('text behind the JSON', order => `{"orders":[${order}]} x`),
  malformed('a name that stands twice', order => `{"orders":[${order}],"orders":[]}`),
  malformed('nesting beyond 64', () => `{"orders":${'['.repeat(70)}${']'.repeat(70)}}`),
  malformed(
    'half of a surrogate pair',
    order => `{"orders":[${order.replace('样例茶叶', '\\ud83d')}],"ids":["\\ud83d"]}`,
  ),
  malformed('a NUL in a text', () => '{"orders":["\\u0000"]}'),
  malformed('bytes that are no UTF-8', () => new Uint8Array([0x22, 0xc3, 0x28, 0x22])),
  malformed('a name that reaches a prototype', () => '{"__proto__":{"orders":[]}}'),
  refused('more than a megabyte', 413, 'TOO_LARGE', () => `"${'x'.repeat(MEGABYTE)}"`),
  {
    name: '422 for JSON that is no request',
    async run({ call, paths, order, step }) {
      const cases: [as: 'platform' | 'courier', path: string, body: unknown][] = [
        ['platform', `${paths.platform}/orders`, {}],
        ['platform', `${paths.platform}/orders`, []],
        ['platform', `${paths.platform}/orders`, { orders: [] }],
        ['platform', `${paths.platform}/orders`, { orders: [order()], more: 1 }],
        ['platform', `${paths.platform}/events/acks`, { ids: [1] }],
        ['courier', `${paths.courier}/answers`, { answers: {} }],
        ['courier', `${paths.courier}/events`, { events: [step('CF1', 'arrived', { more: 1 })] }],
      ]
      for (const [as, path, body] of cases) {
        const reply = await call({ as, path, body })
        same(reply.status, 422, `status of ${path}`)
        expect(/_INVALID$/.test(textOf(reply.body, 'code')), `a code of ${path}`)
      }
    },
  },
  ...failing(),
]

/** Orders that are read, and not taken: the outcome says where, the neighbours are taken. */
function failing(): Check<Kit>[] {
  const receiverOf = ({ receiver }: Json): Json => Object(receiver)
  const shown = { name: '张*', phone: '138****1234', address: '测试路***' }
  const cases: [name: string, code: string, at: string, change: (order: Json) => Json][] = [
    ['a member that no schema names', 'VALUE_INVALID', '', () => ({ more: 1 })],
    ['a member that is missing', 'WIRE_INVALID', '', () => ({ goods: undefined })],
    ['an amount of 0', 'VALUE_INVALID', '/weightGrams', () => ({ weightGrams: 0 })],
    ['a courier that is not served', 'COURIER_UNMAPPED', '/courier', () => ({ courier: 'nobody' })],
    [
      'a party that is clear and protected',
      'VALUE_INVALID',
      '/receiver',
      order => ({ receiver: { ...receiverOf(order), protection: { kind: 'order-number' } } }),
    ],
    [
      'a display that shows too much',
      'SHOWS_TOO_MUCH',
      '/receiver/display/phone',
      order => ({
        receiver: {
          region: receiverOf(order).region,
          protection: { kind: 'order-number' },
          display: shown,
        },
      }),
    ],
    [
      'a phone in the name of goods',
      'SHOWS_TOO_MUCH',
      '/goods/0/name',
      () => ({ goods: [{ name: '联系13912345678', quantity: 1 }] }),
    ],
  ]
  return cases.map(([name, code, at, change]) => ({
    name: `an order with ${name} fails alone`,
    async run({ post, order }) {
      const wrong = order()
      const outcomes = await post(order(), { ...wrong, ...change(wrong) }, order())
      const kinds = outcomes.map(one => textOf(one, 'outcome'))
      same(kinds, ['pending', 'failed', 'pending'], 'outcomes')
      same(textOf(outcomes[1], 'problem', 'code'), code, 'code')
      expect(
        textOf(outcomes[1], 'problem', 'at') === `/orders/1${at}`,
        `a pointer to /orders/1${at}`,
      )
    },
  }))
}
