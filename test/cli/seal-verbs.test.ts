import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { flattenedDecrypt, importJWK } from 'jose'
import { checkSealed } from '../../lib/model/validate.ts'
import { pinKey, readSealPins, verifySeal } from '../../lib/seal/index.ts'
import { lasthop, scratch } from './run.ts'

const { file, gone } = scratch()
after(gone)

const ORDER = 'o_fck7qd6bckys2eiuxjf7u36sdw'
const PERSONAL = { name: '张三', phone: '13800000000', address: '测试路1号样例小区2栋301室' }
const json = (name: string) => JSON.parse(readFileSync(file(name), 'utf8'))

before(async () => {
  for (const [kind, name] of [
    ['custody', 'custody'],
    ['custody', 'other'],
    ['signing', 'signing'],
    ['http', 'http'],
  ] as const) {
    const { code, out, err } = await lasthop(['keys', 'new', kind, file(`${name}.jwk`)])
    assert.equal(code, 0, err)
    writeFileSync(file(`${name}.pub.jwk`), out)
  }
})

const sealTo = (name: string, ...more: string[]) => [
  ...['seal', '--to', file(name), '--order', ORDER, '--courier', 'sf', '--group', 'receiver'],
  ...more,
]

describe('seal and open, offline', () => {
  test('sealed from standard input, opened from standard input and from a file', async () => {
    const sealed = await lasthop(sealTo('custody.pub.jwk'), JSON.stringify(PERSONAL))
    assert.equal(sealed.code, 0, sealed.err)
    assert.match(sealed.err, /throwaway key/)
    assert.ok(!sealed.out.includes(PERSONAL.phone))
    const { kid } = json('custody.pub.jwk')
    assert.equal(checkSealed(JSON.parse(sealed.out)).header?.kid, kid)
    writeFileSync(file('sealed.json'), sealed.out)
    const open = ['open', '--key', file('custody.jwk')]
    for (const run of [
      await lasthop(open, sealed.out),
      await lasthop([...open, '-'], sealed.out),
      await lasthop([...open, file('sealed.json')]),
    ]) {
      assert.equal(run.code, 0, run.err)
      assert.deepEqual(JSON.parse(run.out), PERSONAL)
    }
  })

  test('any JOSE library opens it too', async () => {
    const { out } = await lasthop(sealTo('custody.pub.jwk'), JSON.stringify(PERSONAL))
    const { platform, sealedAt, signature, ...jwe } = JSON.parse(out)
    const key = await importJWK(json('custody.jwk'), 'RSA-OAEP-256')
    const { plaintext } = await flattenedDecrypt(jwe, key)
    assert.deepEqual(JSON.parse(Buffer.from(plaintext).toString()), PERSONAL)
    assert.equal(platform, 'nobody')
    assert.ok(sealedAt && signature)
  })

  test('signed by a platform: the courier that pinned its key verifies it', async () => {
    const own = ['--platform', 'acme', '--key', file('signing.jwk'), '--rev', '2']
    const run = await lasthop(sealTo('custody.pub.jwk', ...own), JSON.stringify(PERSONAL))
    assert.deepEqual([run.code, run.err], [0, ''])
    const signing = json('signing.pub.jwk')
    const { kid } = json('custody.pub.jwk')
    const pins = readSealPins({
      custodyKeys: [{ kid, platform: 'acme', platformKeys: [signing] }],
      gatewayKeys: [],
    })
    const seal = verifySeal(JSON.parse(run.out), pins)
    assert.deepEqual([seal.order, seal.group, seal.rev], [ORDER, 'receiver', 2])
    assert.equal(seal.signer, pinKey(signing).kid)
  })

  test('another key, a changed seal, one without its key: exit code 1, no value told', async () => {
    const { out } = await lasthop(sealTo('custody.pub.jwk'), JSON.stringify(PERSONAL))
    const sealed = JSON.parse(out)
    const { encrypted_key, ...without } = sealed
    const flipped = `${sealed.tag.startsWith('A') ? 'B' : 'A'}${sealed.tag.slice(1)}`
    const otherKey = `${encrypted_key.startsWith('A') ? 'B' : 'A'}${encrypted_key.slice(1)}`
    const keyHash = 'A'.repeat(43)
    const wrong: [string, object, RegExp][] = [
      ['other.jwk', sealed, /SEAL_INVALID at \/header\/kid/],
      ['custody.jwk', { ...sealed, tag: flipped }, /SEAL_TAMPERED/],
      ['custody.jwk', { ...sealed, encrypted_key: otherKey }, /SEAL_TAMPERED at \/encrypted_key/],
      ['custody.jwk', { ...without, keyHash }, /SEAL_INVALID at \/encrypted_key/],
      ['custody.jwk', { ...sealed, zip: 'DEF' }, /SEAL_INVALID|VALUE_INVALID/],
      ['custody.jwk', {}, /SEAL_INVALID|VALUE_INVALID/],
    ]
    for (const [key, document, expected] of wrong) {
      const run = await lasthop(['open', '--key', file(key)], JSON.stringify(document))
      assert.deepEqual([run.code, run.out], [1, ''], run.err)
      assert.match(run.err, expected)
    }
  })

  test('a personal.json that is none: exit code 1, and no word of it', async () => {
    for (const document of [{}, { ...PERSONAL, phone: 5 }, { ...PERSONAL, more: '张三' }]) {
      const run = await lasthop(sealTo('custody.pub.jwk'), JSON.stringify(document))
      assert.deepEqual([run.code, run.out], [1, ''])
      assert.doesNotMatch(run.err, /张三|13800/)
    }
  })
})

test('what is not understood: exit code 2', async () => {
  const to = (name: string) => sealTo(name)
  const swap = (args: string[], name: string, value: string) =>
    args.map((one, i) => (args[i - 1] === name ? value : one))
  const good = to('custody.pub.jwk')
  const runs: string[][] = [
    ['seal'],
    good.slice(0, -2),
    swap(good, '--order', 'x'),
    swap(good, '--courier', 'S F'),
    swap(good, '--group', 'both'),
    [...good, '--rev', '0'],
    [...good, '--platform', 'acme'],
    [...good, '--key', file('signing.jwk')],
    [...good, '--platform', 'acme', '--key', file('http.jwk')],
    [...good, '--kid', 'A'.repeat(43)],
    to('custody.jwk'),
    to('signing.pub.jwk'),
    to('nothing.jwk'),
    ['open'],
    ['open', ORDER],
    ['open', '--key', file('signing.jwk')],
    ['open', '--key', file('custody.pub.jwk')],
    ['open', '--key', file('custody.jwk'), file('nothing.json')],
    ['open', '--key', file('custody.jwk'), ORDER, 'station-1'],
  ]
  for (const args of runs) {
    const { code, out } = await lasthop(args, JSON.stringify(PERSONAL))
    assert.deepEqual([code, out], [2, ''], args.join(' '))
  }
  assert.equal((await lasthop(good, '{')).code, 2)
})
