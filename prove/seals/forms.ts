import { randomBytes } from 'node:crypto'
import type { Doc, Door, LazyCase, Must } from './case.ts'
import { b64u, make, personal, type Recipe } from './make.ts'

// Lengths, types, members and contents that are wrong, encrypted and signed consistently where that is
// possible.

const forms: readonly Recipe[] = [{}, { by: 'platform', nimbus: true }, { pulled: true }]

const both: readonly Door[] = ['verify', 'open']

function refused(kind: string, recipe: Recipe, doors = both, other: Doc = {}): LazyCase {
  return () => {
    const { sealed, contentKey, asked } = make(recipe)
    const mustOf = (door: Door): Must => (doors.includes(door) ? 'refuse' : 'any')
    const must = { verify: mustOf('verify'), open: mustOf('open') }
    return { kind, doc: { ...sealed, ...other }, must, contentKey, asked: { ...asked } }
  }
}

/** Every part in lengths that it must not have. */
function* lengthCases(form: Recipe): Generator<LazyCase> {
  for (const ivLength of [1, 7, 8, 11, 13, 16, 24, 32])
    yield refused('iv length', { ...form, ivLength })
  for (const tagLength of [4, 8, 12, 13, 14, 15])
    yield refused('tag length', { ...form, tagLength })
  const sizes = [0, 200, 511, 513, 768, 1023, 1025, 1536, 2047, 2049, 4096, 65_536, 1_000_000]
  for (const size of sizes) yield refused('text length', { ...form, size })
  for (const length of [0, 1, 128, 256, 383, 385, 512, 768]) {
    const wrappedKey = randomBytes(length)
    if (!form.pulled) yield refused('wrapped key length', { ...form, wrappedKey })
    yield refused('key hash length', form, both, {
      encrypted_key: undefined,
      keyHash: b64u(wrappedKey),
    })
  }
  for (const length of [0, 1, 15, 16, 24, 31, 33, 48, 64]) {
    yield refused('content key length', { ...form, contentKey: randomBytes(length) }, ['open'])
  }
}

const strange: readonly unknown[] = [
  ...[
    null,
    true,
    false,
    0,
    1,
    -1,
    1.5,
    '',
    ' ',
    'A',
    '=',
    'AAAA',
    '\u0000',
    'é',
    '..',
    'a..b',
    'a.b.c',
  ],
  ...[[], {}, [''], { length: 16 }, [1, 2], '\ud800', 'x'.repeat(100_000), deep(5000)],
]

/** Nested so deep that a reader that recurses breaks down. */
function deep(depth: number): unknown {
  let value: unknown = 'x'
  for (let i = 0; i < depth; i++) value = [value]
  return value
}

const members = [
  ...['protected', 'header', 'encrypted_key', 'keyHash', 'iv', 'ciphertext', 'tag'],
  ...['platform', 'sealedAt', 'signature', 'certificate'],
]

/** Of these an opener needs only that they are well formed; whether they are true is the verifier's part. */
const verified = ['platform', 'sealedAt', 'signature', 'certificate', 'encrypted_key', 'keyHash']

/** Members of other types, missing, too many. */
function* memberCases(form: Recipe): Generator<LazyCase> {
  const { sealed } = make(form)
  for (const name of members) {
    for (const value of strange) {
      const doors: readonly Door[] = verified.includes(name) ? ['verify'] : both
      yield refused('member value', form, doors, { [name]: value })
    }
    if (sealed[name] === undefined) continue
    const optional = name === 'certificate'
    yield removed(form, [name], optional ? ['verify'] : both)
    for (const other of members.filter(one => one > name && sealed[one] !== undefined)) {
      yield removed(form, [name, other], both)
    }
    for (const misnamed of [name.toUpperCase(), `${name} `, `${name}\u0000`, name.slice(1)]) {
      yield refused('member misnamed', form, both, { [misnamed]: sealed[name] })
    }
  }
  const more = [
    'aad',
    'recipients',
    'unprotected',
    'alg',
    'kid',
    'enc',
    'zip',
    'payload',
    'signatures',
    '',
  ]
  for (const name of [...more, 'order', 'rev', 'hop', 'capsule', 'plaintext', 'constructor']) {
    for (const value of ['', 'AAAA', 1, null, {}, []]) {
      yield refused('member unknown', form, both, { [name]: value })
    }
  }
  yield refused('member unknown', form, both, JSON.parse('{"__proto__":{"certificate":"x"}}'))
  if (!form.pulled) {
    yield refused('key and its hash', form, both, { keyHash: b64u(randomBytes(32)) })
  }
}

function removed(form: Recipe, names: readonly string[], doors: readonly Door[]): LazyCase {
  const gone = Object.fromEntries(names.map(name => [name, undefined]))
  return () => {
    const one = refused('member missing', form, doors, gone)()
    if (one === undefined || typeof one.doc !== 'object' || one.doc === null) return undefined
    const doc = Object.fromEntries(
      Object.entries(one.doc).filter(([, value]) => value !== undefined),
    )
    return { ...one, doc }
  }
}

/** Things that are no seal at all. */
function* wholeCases(): Generator<LazyCase> {
  const { sealed, contentKey, asked } = make()
  const wholes = [...strange, undefined, [sealed], { sealed }, JSON.stringify(sealed), [[sealed]]]
  for (const doc of wholes) {
    yield () => ({
      kind: 'no seal',
      doc,
      must: { verify: 'refuse', open: 'refuse', held: 'refuse' },
      contentKey,
      asked: { ...asked },
    })
  }
}

/** Texts that are no personal.json, under a seal that is right: the opener refuses them. */
function* textCases(): Generator<LazyCase> {
  const json = JSON.stringify(personal)
  const texts: (string | Uint8Array)[] = [
    ...[
      '',
      ' ',
      'null',
      '[]',
      '1',
      '"x"',
      '{}',
      `[${json}]`,
      `${json}x`,
      `\ufeff${json}`,
      json.slice(1),
    ],
    ...['{"name":"张测试"}', '{"phone":"1","address":"x"}', '{"name":"张测试","phone":"1"}'],
    JSON.stringify({ ...personal, id: '1' }),
    JSON.stringify({ ...personal, name: 1 }),
    JSON.stringify({ ...personal, phone: ['1'] }),
    JSON.stringify({ ...personal, name: '' }),
    `{"__proto__":{"x":1},${json.slice(1)}`,
    Buffer.from(json, 'utf16le'),
    Buffer.from(json.replace('1', '\u00ff'), 'latin1'),
    Buffer.concat([
      Buffer.from(json.slice(0, 9)),
      Buffer.from([0xc0, 0x80]),
      Buffer.from(json.slice(9)),
    ]),
    Buffer.concat([Buffer.from(json.slice(0, 9)), Buffer.from([0xff]), Buffer.from(json.slice(9))]),
    Buffer.concat([Buffer.from(json), Buffer.from([0x80])]),
  ]
  for (const text of texts) yield refused('text', { text }, ['open'])
}

/** All that is wrong in form. */
export function* formCases(): Generator<LazyCase> {
  for (const form of forms) {
    yield* lengthCases(form)
    yield* memberCases(form)
  }
  yield* wholeCases()
  yield* textCases()
}
