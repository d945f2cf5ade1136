import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseFlat } from '../../lib/seal/flat-json.ts'

test('a flat object is read as JSON.parse reads it', () => {
  const texts = fc.stringMatching(/^[ !#-[\]-~]{0,20}$/)
  const values = fc.oneof(texts, fc.nat())
  fc.assert(
    fc.property(
      fc.dictionary(texts, values, { minKeys: 1, noNullPrototype: true }),
      fc.constantFrom(0, 2),
      (object, indent) => {
        assert.deepEqual(parseFlat(JSON.stringify(object, null, indent)), object)
      },
    ),
  )
})

test('a name like __proto__ is a member and no more', () => {
  const parsed = parseFlat('{"__proto__":"x"}')
  assert.deepEqual(Object.keys(parsed ?? {}), ['__proto__'])
  assert.equal(Object.getPrototypeOf(parsed), Object.prototype)
})

test('whatever two readers could read in two ways is refused', () => {
  const refused = [
    '',
    '{}',
    '[]',
    '{"a":"1","a":"2"}',
    '{"a":"1","\\u0061":"2"}',
    '{"a":1.0}',
    '{"a":1e3}',
    '{"a":-1}',
    '{"a":01}',
    '{"a":9007199254740993}',
    '{"a":true}',
    '{"a":null}',
    '{"a":{}}',
    '{"a":["b"]}',
    '{"a":"b",}',
    '{"a":"b"}{"a":"c"}',
    '{"a":"b"} x',
    '{"a":"\\n"}',
    '{"a":"\n"}',
    '{"a":"é"}',
    '\ufeff{"a":"b"}',
    `{"a":"${'x'.repeat(5000)}"}`,
  ]
  assert.deepEqual(
    refused.filter(text => parseFlat(text) !== undefined),
    [],
  )
  assert.deepEqual(parseFlat(' { "a" : "b" , "n" : 0 } '), { a: 'b', n: 0 })
})
