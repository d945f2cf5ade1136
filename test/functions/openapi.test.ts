import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, test } from 'node:test'
import { custodyApp } from '../../functions/custody/app.ts'
import { exchangeApp } from '../../functions/exchange/app.ts'
import { codes } from '../../functions/exchange/openapi/problems.ts'
import type { Operation, Parameter } from '../../functions/exchange/openapi/types.ts'
import { openApi } from '../../functions/exchange/openapi.ts'
import { intakeApp } from '../../functions/intake/app.ts'
import { problemOf, statusOf, toProblem } from '../../lib/access/problem.ts'
import { GatewayError } from '../../lib/model/errors.ts'
import { parseEntryId } from '../../lib/store/index.ts'
import { barePorts } from './rest/bare-ports.ts'
import { checkAnswer, schemaAt } from './rest/check-answer.ts'

const apps = {
  intake: intakeApp(barePorts(), () => {}),
  exchange: exchangeApp(barePorts(), () => {}),
  custody: custodyApp(barePorts(), () => {}),
}

const calls = Object.entries(openApi.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
)

/** Every object in the document, with the pointer to it. */
function* objectsIn(value: unknown, place: string[] = []): Generator<[object, string[]]> {
  if (typeof value !== 'object' || value === null) return
  yield [value, place]
  for (const [name, member] of Object.entries(value)) yield* objectsIn(member, [...place, name])
}

function parametersOf(operation: Operation): Parameter[] {
  return (operation.parameters ?? []).map(({ $ref }) => {
    const found = openApi.components.parameters[$ref.replace('#/components/parameters/', '')]
    assert.ok(found, $ref)
    return found
  })
}

describe('the document', () => {
  test('names every route of the three apps, and nothing else', () => {
    const served = Object.values(apps)
      .flatMap(app => app.routes)
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`)
    const named = calls.map(({ method, path }) => `${method.toUpperCase()} ${path}`)
    assert.deepEqual(named.sort(), served.sort())
  })

  test('is served as it stands', async () => {
    const answer = await apps.exchange.request('/v1/openapi.json')
    assert.equal(answer.status, 200)
    assert.deepEqual(await answer.json(), JSON.parse(JSON.stringify(openApi)))
  })

  test('declares the parameters that its paths hold, and each name once', () => {
    for (const { path, operation } of calls) {
      const declared = parametersOf(operation)
      const inPath = declared.filter(one => one.in === 'path').map(({ name }) => name)
      const held = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      assert.deepEqual(inPath, held, path)
      assert.ok(declared.every(one => one.in === 'query' || one.required === true))
      assert.equal(new Set(declared.map(one => `${one.in} ${one.name}`)).size, declared.length)
    }
  })

  test('names operations, tags and security schemes that there are', () => {
    const ids = calls.map(({ operation }) => operation.operationId)
    assert.equal(new Set(ids).size, ids.length)
    const tags = openApi.tags.map(({ name }) => name)
    for (const { operation } of calls) {
      assert.ok(operation.summary && operation.description)
      assert.ok(operation.tags.length > 0 && operation.tags.every(tag => tags.includes(tag)))
      for (const name of operation.security.flatMap(one => Object.keys(one))) {
        assert.ok(name in openApi.components.securitySchemes, name)
      }
    }
  })

  test('refers only to what is in it or beside it', () => {
    const schemas = readdirSync(resolve(import.meta.dirname, '../../schemas'))
    for (const [object] of objectsIn(openApi)) {
      const ref = '$ref' in object ? String(object.$ref) : '#'
      const [file = '', pointer = ''] = ref.split('#')
      if (file !== '') assert.ok(schemas.includes(file.replace('schemas/', '')), ref)
      let at: unknown = file === '' ? openApi : {}
      for (const step of file === '' ? pointer.split('/').slice(1) : []) {
        at = Object.entries(Object(at)).find(([name]) => name === step)?.[1]
      }
      assert.ok(at, ref)
    }
  })

  test('has schemas only that compile strictly, and examples that satisfy them', () => {
    let compiled = 0
    for (const [object, place] of objectsIn(openApi)) {
      const isSchema = place.at(-1) === 'schema' || place.at(-2) === 'schemas'
      if (isSchema) compiled += 1
      if (isSchema && !('$ref' in object)) schemaAt(...place)
      if (!('examples' in object) || !Array.isArray(object.examples)) continue
      const validate = schemaAt(...place)
      for (const example of object.examples) assert.ok(validate(example), place.join('/'))
    }
    assert.ok(compiled > 80, String(compiled))
  })

  test('asks to come back with 429 and 503, on every call, and with nothing else', () => {
    for (const { path, operation } of calls) {
      const statuses = Object.keys(operation.responses)
      assert.ok(statuses.includes('200') && statuses.includes('429') && statuses.includes('503'))
      for (const [status, answer] of Object.entries(operation.responses)) {
        assert.ok(status === '200' || Object.values(statusOf).includes(Number(status)), status)
        const comesBack = status === '429' || status === '503'
        assert.equal('retry-after' in (answer.headers ?? {}), comesBack, `${path} ${status}`)
      }
    }
  })

  test('says 401 wherever somebody must be known', () => {
    for (const { path, operation } of calls) {
      const isPush = operation.operationId === 'pushUnsignedEvents'
      const known = operation.security.length > 0 || isPush
      assert.equal('401' in operation.responses, known, path)
    }
  })
})

describe('problems', () => {
  const validate = schemaAt('components', 'schemas', 'Problem')

  test('of every code satisfy the schema', async () => {
    for (const code of codes) {
      const answer = toProblem(new GatewayError(code, '/a/0'), () => {})
      assert.ok(validate(await answer.json()), code)
    }
  })

  test('with another code, another member, or without one, do not', () => {
    const good = problemOf(new GatewayError('WIRE_INVALID', '/ids'))
    assert.ok(validate({ ...good }))
    assert.ok(!validate({ ...good, code: 'OOPS' }))
    assert.ok(!validate({ ...good, detail: 'a value' }))
    const { retry: _, ...rest } = good
    assert.ok(!validate(rest))
  })
})

describe('answers without a caller', () => {
  const show = async (resource: string, method: string, answer: Response) =>
    checkAnswer(resource, method, {
      status: answer.status,
      contentType: answer.headers.get('content-type') ?? '',
      text: await answer.text(),
      retryAfter: answer.headers.get('retry-after') ?? undefined,
    })

  test('health and every schema are as documented', async () => {
    await show('/v1/health', 'GET', await apps.exchange.request('/v1/health'))
    const { pattern } = openApi.components.parameters.schemaName?.schema ?? {}
    const files = readdirSync(resolve(import.meta.dirname, '../../schemas'))
    for (const name of files.filter(file => file.endsWith('.json'))) {
      for (const spelt of [name, name.replace('.json', '')]) {
        assert.match(spelt, new RegExp(String(pattern)))
        const answer = await apps.exchange.request(`/v1/schemas/${spelt}`)
        assert.equal(answer.status, 200, spelt)
        await show('/v1/schemas/{name}', 'GET', answer)
      }
    }
    const none = await apps.exchange.request('/v1/schemas/other.json')
    assert.equal(none.status, 404)
    await show('/v1/schemas/{name}', 'GET', none)
  })

  test('every call that wants a caller refuses one who has no secret, as documented', async () => {
    for (const { path, method, operation } of calls) {
      if (!('401' in operation.responses)) continue
      const url = path
        .replace('{platform}', 'douyin')
        .replace('{courier}', 'sf')
        .replace(/\{\w+\}/g, 'x')
      const app = Object.values(apps).find(one =>
        one.routes.some(route => route.path.replace(/:(\w+)/g, '{$1}') === path),
      )
      assert.ok(app)
      const answer = await app.request(url, { method: method.toUpperCase() })
      const isRelease = operation.operationId === 'fetchRelease'
      assert.equal(answer.status, isRelease ? 404 : 401, path)
      await show(path, method, answer)
    }
  })
})

describe('bodies', () => {
  const id = '1767225600000.o_fck7qd6bckys2eiuxjf7u36sdw.1.0a'
  const order = 'o_fck7qd6bckys2eiuxjf7u36sdw'
  const is = (name: string, value: unknown) => schemaAt('components', 'schemas', name)(value)

  test('of answer results: taken, gone, and nothing in between', () => {
    const taken = { id, status: 200, order, outcome: 'accepted' }
    const gone = { id, status: 409, code: 'entry-gone', at: '', retry: 'never', state: 'cancelled' }
    assert.ok(is('AnswerResults', { results: [taken, gone] }))
    assert.ok(!is('AnswerResults', { results: [{ ...taken, code: 'entry-gone' }] }))
    assert.ok(!is('AnswerResults', { results: [{ ...gone, code: 'ENTRY_GONE' }] }))
    assert.ok(!is('AnswerResults', {}))
  })

  test('of a feed page: of a kind of its side, and nothing beside what is named', () => {
    const missing = { id, kind: 'assignment-missing', order, sequence: 3 }
    assert.ok(is('WaybillPage', { entries: [missing], next: id }))
    assert.ok(!is('WaybillPage', { entries: [{ ...missing, encrypted_key: 'x' }] }))
    assert.ok(!is('WaybillPage', { entries: [{ ...missing, kind: 'ebill' }] }))
    const event = { id, kind: 'tracking', order, sequence: 4, document: { any: 1 } }
    assert.ok(is('EventPage', { entries: [event] }))
    assert.ok(!is('EventPage', { entries: [missing] }))
  })

  test('of requests: their limits are those of the apps', () => {
    const many = (count: number) => Array.from({ length: count }, () => id)
    assert.ok(is('Acks', { ids: many(500) }) && !is('Acks', { ids: many(501) }))
    assert.ok(is('Assignments', { assignments: many(50) }))
    assert.ok(!is('Assignments', { assignments: many(51) }))
    const answers = many(101).map(one => ({ id: one, document: {} }))
    assert.ok(is('Answers', { answers: answers.slice(1) }) && !is('Answers', { answers }))
  })

  test('of entry ids: the pattern takes what the store reads, and no more', () => {
    const pattern = new RegExp(String(openApi.components.parameters.after?.schema.pattern))
    const texts = [id, id.replace('0a', '0k'), id.replace('0a', '00a'), `0${id}`, `${id}a`, '']
    for (const text of texts) {
      assert.equal(pattern.test(text), parseEntryId(text) !== undefined, text)
    }
  })
})
