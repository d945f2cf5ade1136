import assert from 'node:assert/strict'
import { test } from 'node:test'
import { problemName, problemOf, statusOf, toProblem } from '../../lib/access/problem.ts'
import { GatewayError } from '../../lib/model/errors.ts'

function answer(error: unknown): { response: Response; reported: string[] } {
  const reported: string[] = []
  return { response: toProblem(error, name => reported.push(name)), reported }
}

test('a problem says what, where and whether to come back', async () => {
  const { response, reported } = answer(new GatewayError('ENTRY_GONE', '/answers/3'))
  assert.equal(response.status, 409)
  assert.equal(response.headers.get('content-type'), 'application/problem+json')
  assert.equal(response.headers.get('retry-after'), null)
  assert.deepEqual(await response.json(), {
    type: 'https://lasthop.dev/problems/entry-gone',
    title: 'Entry gone',
    status: 409,
    code: 'ENTRY_GONE',
    at: '/answers/3',
    retry: 'never',
  })
  assert.deepEqual(reported, [])
})

for (const [code, status] of [
  ['MALFORMED', 400],
  ['UNAUTHENTICATED', 401],
  ['RELEASE_REFUSED', 403],
  ['NOT_FOUND', 404],
  ['STATE_CONFLICT', 409],
  ['ORDER_CHANGED', 409],
  ['TOO_LARGE', 413],
  ['SHOWS_TOO_MUCH', 422],
  ['DISPLAY_REFUSED', 422],
  ['THROTTLED', 429],
  ['STORE_AWAY', 503],
] as const) {
  test(`${code} is ${status}`, () =>
    assert.equal(answer(new GatewayError(code)).response.status, status))
}

for (const code of ['THROTTLED', 'STORE_AWAY'] as const) {
  test(`${code} says when to come back`, async () => {
    const { response } = answer(new GatewayError(code))
    assert.match(response.headers.get('retry-after') ?? '', /^\d+$/)
    const problem = await response.json()
    assert.equal(Object.getOwnPropertyDescriptor(problem, 'retry')?.value, 'later')
  })
}

test('no code is a 500, and every name can stand in an address', () => {
  for (const [code, status] of Object.entries(statusOf)) {
    assert.ok(status >= 400 && status !== 500, code)
    assert.match(code.toLowerCase().replaceAll('_', '-'), /^[a-z-]+$/)
  }
  assert.equal(problemName('SHOWS_TOO_MUCH'), 'shows-too-much')
  assert.equal(problemOf(new GatewayError('STATE_CONFLICT', '', { retry: 'later' })).retry, 'later')
})

class LeakyError extends Error {
  override readonly name = '张三'
}

for (const [about, thrown, name] of [
  ['an error of the language', new TypeError('13800000000'), 'TypeError'],
  ['an error with a telling name', new LeakyError('13800000000'), 'LeakyError'],
  ['an error with a cause', new Error('x', { cause: new Error('13800000000') }), 'Error'],
  ['a text', '13800000000', 'string'],
  ['nothing', undefined, 'undefined'],
  ['an object that looks like ours', { code: 'NOT_FOUND', at: '/13800000000' }, 'object'],
] as const) {
  test(`${about} is a 503 without a word of it`, async () => {
    const { response, reported } = answer(thrown)
    assert.equal(response.status, 503)
    assert.deepEqual(reported, [name])
    assert.doesNotMatch(await response.text(), /13800000000|张三/)
  })
}

test('the cause of one of ours stays inside', async () => {
  const { response } = answer(
    new GatewayError('MALFORMED', '', { cause: new Error('13800000000') }),
  )
  assert.doesNotMatch(await response.text(), /13800000000/)
})
