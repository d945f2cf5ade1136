import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { hmacSha256Hex } from '../../lib/access/digest.ts'
import { readForm, readJson, readJsonText, sortedJson } from '../../lib/access/strict.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const json = (text: string) => readJson(utf8(text))

function refuses(read: () => unknown, code: string, at = '') {
  assert.throws(read, {
    name: 'GatewayError',
    code,
    at,
    message: at === '' ? code : `${code} at ${at}`,
  })
}

const names = fc.string().filter(name => name !== '__proto__' && name !== 'constructor')
const clean = fc
  .string({ unit: 'binary' })
  .filter(text => text.isWellFormed() && !text.includes('\0'))
const numbers = fc.oneof(
  fc.maxSafeInteger(),
  fc.integer({ min: -1e6, max: 1e6 }).map(cents => cents / 100),
)
const { documents } = fc.letrec<{ documents: unknown }>(tie => ({
  documents: fc.oneof(
    { maxDepth: 6 },
    fc.constantFrom(null, true, false),
    numbers,
    clean,
    fc.array(tie('documents'), { maxLength: 5 }),
    fc.dictionary(
      names.filter(name => !name.includes('\0') && name.isWellFormed()),
      tie('documents'),
      {
        maxKeys: 5,
      },
    ),
  ),
}))

test('reads every well-formed document as JSON.parse does', () => {
  fc.assert(
    fc.property(documents, fc.constantFrom(0, 1, '\t'), (document, indent) => {
      const text = JSON.stringify(document, null, indent)
      assert.deepEqual(json(text), JSON.parse(text))
    }),
    { numRuns: 1000 },
  )
})

test('never throws anything but MALFORMED, whatever the bytes', () => {
  const texts = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.string({ unit: fc.constantFrom(...'{}[]",:\\u0d8-1e.tn \0'), maxLength: 40 }).map(utf8),
  )
  fc.assert(
    fc.property(texts, bytes => {
      try {
        readJson(bytes)
      } catch (error) {
        assert.equal(String(error), 'GatewayError: MALFORMED')
      }
    }),
    { numRuns: 5000 },
  )
})

test('accepts exactly what JSON.parse accepts, NUL, surrogates and repeats apart', () => {
  const texts = fc.string({
    unit: fc.constantFrom(...'{}[]",:\\/-+01.eEtrufalsn \t'),
    maxLength: 12,
  })
  fc.assert(
    fc.property(texts, text => {
      let expected: unknown
      try {
        expected = JSON.parse(text)
      } catch {
        refuses(() => json(text), 'MALFORMED')
        return
      }
      if (!/\\u|"[^"]*":.*"[^"]*":/.test(text)) assert.equal(typeof json(text), typeof expected)
    }),
    { numRuns: 20_000 },
  )
})

for (const [text, value] of [
  ['9007199254740991', 9007199254740991],
  ['-9007199254740991', -9007199254740991],
  ['9007199254740992', '9007199254740992'],
  ['9007199254740993', '9007199254740993'],
  ['-9007199254740992', '-9007199254740992'],
  ['6900000000000000001', '6900000000000000001'],
  ['1'.repeat(400), '1'.repeat(400)],
  ['0', 0],
  ['-0', -0],
  ['0.0', 0],
  ['1.5', 1.5],
  ['1.250', 1.25],
  ['100000000000000.0', 100000000000000],
  ['123456789012345', 123456789012345],
  ['0.123456789012345', 0.123456789012345],
  ['0.1234567890123456', '0.1234567890123456'],
  ['0.30000000000000004', '0.30000000000000004'],
  ['9007199254740993.0', '9007199254740993.0'],
  ['1e3', 1000],
  ['1E-7', 1e-7],
  ['1e400', '1e400'],
  ['-1e400', '-1e400'],
  ['1e-400', '1e-400'],
  ['5e-324', '5e-324'],
  ['0e999', 0],
  [`0.${'0'.repeat(50)}1`, `0.${'0'.repeat(50)}1`],
] as const) {
  test(`number ${text.slice(0, 40)} loses nothing`, () => {
    assert.deepEqual(json(`{"a":[${text}]}`), { a: [value] })
    assert.deepEqual(json(text), value)
  })
}

test('an identifier is the same text whether sent as a number or as a string', () => {
  assert.deepEqual(json('{"id":6900000000000000001}'), json('{"id":"6900000000000000001"}'))
})

for (const [about, text, at] of [
  ['nothing', '', ''],
  ['white space only', ' \n', ''],
  ['two values', '{} {}', ''],
  ['a trailing comma', '{"a":1,}', ''],
  ['a comment', '{/**/"a":1}', ''],
  ['single quotes', "{'a':1}", ''],
  ['a bare word', 'NaN', ''],
  ['a leading zero', '[012345678901234567890]', ''],
  ['a leading plus', '[+1]', ''],
  ['a bare point', '[.5]', ''],
  ['an open exponent', '[1e]', ''],
  ['a raw line feed in a string', '["a\nb"]', ''],
  ['a wrong escape', '["\\x41"]', ''],
  ['an unclosed string', '["a', ''],
  ['an unclosed string that ends in a backslash', '["a\\', ''],
  ['a byte order mark', '\ufeff{}', ''],
  ['a no-break space between tokens', '[1,\u00a02]', ''],
  ['a high surrogate alone', '{"a":["x","\\ud800"]}', '/a/1'],
  ['a low surrogate alone', '{"a":{"b":"\\uDC00x"}}', '/a/b'],
  ['surrogates in the wrong order', '["\\udc00\\ud800"]', '/0'],
  ['a surrogate alone in a name', '{"a":{"\\ud800":1}}', '/a'],
  ['NUL in a string', '{"name":"a\\u0000b"}', '/name'],
  ['NUL in a name', '{"a\\u0000":1}', ''],
  ['a name twice', '{"a":1,"a":2}', ''],
  ['a name twice with equal values', '{"a":1,"a":1}', ''],
  ['a name twice, once escaped', '{"a":1,"\\u0061":1}', ''],
  ['a name twice, deep', '{"x":[{"a":{},"b":0,"a":{}}]}', ''],
  ['an empty name twice', '{"":1,"":1}', ''],
  ['an index-like name twice', '{"1":1,"1":1}', ''],
  ['__proto__', '{"__proto__":{"admin":true}}', ''],
  ['__proto__ escaped', '{"a":[{"\\u005f_proto__":1}]}', '/a/0'],
  ['constructor', '{"a":{"constructor":{"prototype":{}}}}', '/a'],
] as const) {
  test(`refuses ${about}`, () => refuses(() => json(text), 'MALFORMED', at))
}

test('a pointer ends before a name that may be a person', () => {
  for (const name of ['张三', '13800000000', 'a b', 'x'.repeat(60)]) {
    refuses(() => json(`{"list":[{"${name}":{"x":"\\ud800"}}]}`), 'MALFORMED', '/list/0')
  }
})

for (const [about, bytes] of [
  ['a lone continuation byte', [0x22, 0x80, 0x22]],
  ['an overlong slash', [0x22, 0xc0, 0xaf, 0x22]],
  ['a surrogate as bytes', [0x22, 0xed, 0xa0, 0x80, 0x22]],
  ['beyond U+10FFFF', [0x22, 0xf4, 0x90, 0x80, 0x80, 0x22]],
  ['a cut character', [0x22, 0xe5, 0xbc, 0x22]],
  ['UTF-16', [0xff, 0xfe, 0x22, 0x00, 0x22, 0x00]],
  [
    'MD5 padding before an appended object (attack 45)',
    [0x7b, 0x7d, 0x80, 0x00, 0x00, 0x10, 0x7b, 0x7d],
  ],
  ['GBK', [0x22, 0xd5, 0xc5, 0xc8, 0xfd, 0x22]],
] as const) {
  test(`refuses ${about}`, () => refuses(() => readJson(Uint8Array.from(bytes)), 'MALFORMED'))
}

test('nests 64 deep and no deeper, and a million brackets are no trouble', () => {
  const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`
  assert.ok(json(nested(64)))
  refuses(() => json(nested(65)), 'MALFORMED')
  for (const opening of ['[', '{"a":', '[{"a":']) {
    refuses(() => json(opening.repeat(100_000)), 'MALFORMED')
  }
  refuses(() => readJsonText('['.repeat(1_000_000)), 'MALFORMED')
  assert.deepEqual(json(`["${'['.repeat(1000)}"]`), ['['.repeat(1000)])
  assert.ok(json(`[${'[],'.repeat(1000)}[]]`))
})

test('size counts in bytes, to the byte', () => {
  assert.equal(readJson(utf8('"茶"'), { maxBytes: 5 }), '茶')
  refuses(() => readJson(utf8('"茶"'), { maxBytes: 4 }), 'TOO_LARGE')
  refuses(() => readJson(new Uint8Array(1_048_577)), 'TOO_LARGE')
})

test('long tokens of any kind are read in one pass', () => {
  for (const text of [
    `0.${'0'.repeat(500_000)}1${'0'.repeat(500_000)}`,
    '1'.repeat(1_000_000),
    `1e${'0'.repeat(900_000)}1`,
    JSON.stringify('\\'.repeat(400_000)),
    JSON.stringify('"'.repeat(400_000)),
  ]) {
    assert.ok(json(text) !== undefined)
    assert.ok(sortedJson(text))
  }
})

for (const [about, text, sorted] of [
  [
    'names by code unit, at every level',
    '{"b":[{"z":1,"B":2}],"a":{"é":1,"_":2}}',
    '{"a":{"_":2,"é":1},"b":[{"B":2,"z":1}]}',
  ],
  ['index-like names as text', '{"2":1,"10":2,"1":3}', '{"1":3,"10":2,"2":1}'],
  ['a name before its extension', '{"ab":1,"a":2,"":3}', '{"":3,"a":2,"ab":1}'],
  ['surrogate pairs before U+FFxx', '{"\uff21":1,"😀":2}', '{"😀":2,"\uff21":1}'],
  ['white space goes, between tokens only', ' { "a" : [ 1 , " x " ] } ', '{"a":[1," x "]}'],
  ['arrays keep their order', '[3,1,2,[],{}]', '[3,1,2,[],{}]'],
  [
    'numbers as received',
    '[6900000000000000001,1.50,-0,1e3,1E+3,0.10]',
    '[6900000000000000001,1.50,-0,1e3,1E+3,0.10]',
  ],
  [
    'a fraction of zeros goes',
    '[12.0,-3.00,0.0,9007199254740993.0,100.0]',
    '[12,-3,0,9007199254740993,100]',
  ],
  ['escapes become plain', '["\\u5f20\\u4e09\\/\\u0041"]', '["张三/A"]'],
  ['control characters stay escaped', '["\\n\\u000a\\u001f\\""]', '["\\n\\n\\u001f\\""]'],
  [
    'text that looks like JSON stays text',
    '{"a":"{\\"z\\":1.0,\\"b\\":2}"}',
    '{"a":"{\\"z\\":1.0,\\"b\\":2}"}',
  ],
  ['words', '[true,false,null]', '[true,false,null]'],
  ['a bare value', '"x"', '"x"'],
] as const) {
  test(`sortedJson: ${about}`, () => assert.equal(sortedJson(text), sorted))
}

test('sortedJson escapes for HTML only when asked', () => {
  const text = '{"re<mark":"<a&b>"}'
  assert.equal(sortedJson(text), '{"re<mark":"<a&b>"}')
  assert.equal(
    sortedJson(text, { escapeHtml: true }),
    '{"re\\u003cmark":"\\u003ca\\u0026b\\u003e"}',
  )
})

test('sortedJson: the Douyin vectors of form B, plain and escaped for HTML', () => {
  const secret = '00000000-1111-2222-3333-444444444444'
  const sign = (j: string) =>
    hmacSha256Hex(
      secret,
      `${secret}app_key6800000000000000001param_json${j}timestamp1700000000${secret}`,
    )
  const order = sortedJson('{ "track_no":"JT0000000000001", "order_id":"6900000000000000001" }')
  assert.equal(sign(order), '0901a638ceca4e79d13cf9a8c11cae1fa423a25e3b8ae7cf230979366b26a9ef')
  const remark = '{"remark": "\\u003ca&b>"}'
  assert.equal(
    sign(sortedJson(remark)),
    'ca1ba8b7fc4483832f6b201464d069e133e977aaa25424ec076ddce657f80f72',
  )
  assert.equal(
    sign(sortedJson(remark, { escapeHtml: true })),
    '7ac82179bf2bf18681f58e0beef9359a6814e5ac973cf8612a46075250d39c90',
  )
})

test('sortedJson changes nothing but order and form, and is its own fixed point', () => {
  fc.assert(
    fc.property(documents, document => {
      const text = JSON.stringify(document)
      const sorted = sortedJson(text)
      assert.deepEqual(JSON.parse(sorted), JSON.parse(text))
      assert.equal(sortedJson(sorted), sorted)
      assert.deepEqual(JSON.parse(sortedJson(text, { escapeHtml: true })), JSON.parse(text))
    }),
    { numRuns: 500 },
  )
})

test('sortedJson refuses what readJson refuses, repeated names first (attack 46)', () => {
  for (const text of [
    '{"a":1,"a":1}',
    '{"a":{"b":1,"b":2}}',
    '["\\ud800"]',
    '{"__proto__":1}',
    '{',
    '',
  ]) {
    assert.throws(() => sortedJson(text), { code: 'MALFORMED' })
  }
})

test('form: names and values', () => {
  const form = readForm(utf8('a=1&b=%E5%BC%A0+%2B%26&c=&d=x=y&%65=%25&raw=张'))
  assert.deepEqual(
    [...form],
    [
      ['a', '1'],
      ['b', '张 +&'],
      ['c', ''],
      ['d', 'x=y'],
      ['e', '%'],
      ['raw', '张'],
    ],
  )
  assert.equal(readForm(new Uint8Array()).size, 0)
})

test('form: what URLSearchParams writes comes back', () => {
  fc.assert(
    fc.property(
      fc.dictionary(
        clean.filter(name => name !== ''),
        clean,
      ),
      fields => {
        const pairs = Object.entries(fields)
        assert.deepEqual(readForm(utf8(String(new URLSearchParams(pairs)))), new Map(pairs))
      },
    ),
  )
})

for (const [about, text] of [
  ['a name twice', 'a=1&a=1'],
  ['a name twice, once escaped', 'a=1&%61=2'],
  ['no value', 'a'],
  ['no name', '=1'],
  ['an empty pair', 'a=1&&b=2'],
  ['a trailing ampersand', 'a=1&'],
  ['a cut escape', 'a=%E'],
  ['a wrong escape', 'a=%zz'],
  ['an overlong escape', 'a=%C0%AF'],
  ['a surrogate escape', 'a=%ED%A0%80'],
  ['a GBK escape', 'a=%D5%C5'],
  ['NUL', 'a=%00'],
] as const) {
  test(`form: refuses ${about}`, () => refuses(() => readForm(utf8(text)), 'MALFORMED'))
}

test('form: size and bytes', () => {
  refuses(() => readForm(utf8('a=123'), { maxBytes: 4 }), 'TOO_LARGE')
  refuses(() => readForm(Uint8Array.from([0x61, 0x3d, 0xff])), 'MALFORMED')
})
