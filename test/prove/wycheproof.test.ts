import assert from 'node:assert/strict'
import {
  constants,
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
} from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

// The primitives with the parameters that lib/seal gives them: RSA-OAEP with SHA-256 in both places, and
// AES-GCM with an IV of 12 bytes and a tag of 16.

interface Vector {
  tcId: number
  comment: string
  msg: string
  ct: string
  result: 'valid' | 'invalid'
}

interface Group<V extends Vector> {
  tests: readonly V[]
}

type OaepVector = Vector & { label: string }
type GcmVector = Vector & { key: string; iv: string; aad: string; tag: string }
type GcmGroup = Group<GcmVector> & { keySize: 128 | 192 | 256 }

const hex = (text: string) => Buffer.from(text, 'hex')
const named = ({ tcId, comment }: Vector) => `vector ${tcId}: ${comment}`

function read<G>(name: string): readonly G[] {
  const path = join(import.meta.dirname, '../vectors/wycheproof', name)
  const { testGroups, numberOfTests } = JSON.parse(readFileSync(path, 'utf8'))
  const count = testGroups.reduce((sum: number, { tests }: Group<Vector>) => sum + tests.length, 0)
  assert.equal(count, numberOfTests)
  return testGroups
}

function unwrap(key: KeyObject, { ct, label }: OaepVector): Buffer {
  const oaep = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }
  return privateDecrypt({ key, ...oaep, oaepLabel: hex(label) }, hex(ct))
}

function decrypt(bits: GcmGroup['keySize'], { key, iv, aad, ct, tag }: GcmVector): Buffer {
  const decipher = createDecipheriv(`aes-${bits}-gcm`, hex(key), hex(iv), { authTagLength: 16 })
  decipher.setAAD(hex(aad))
  decipher.setAuthTag(hex(tag))
  return Buffer.concat([decipher.update(hex(ct)), decipher.final()])
}

function encrypt(bits: GcmGroup['keySize'], { key, iv, aad, msg }: GcmVector) {
  const cipher = createCipheriv(`aes-${bits}-gcm`, hex(key), hex(iv))
  cipher.setAAD(hex(aad))
  const ct = Buffer.concat([cipher.update(hex(msg)), cipher.final()]).toString('hex')
  return { ct, tag: cipher.getAuthTag().toString('hex') }
}

test('Wycheproof: RSA-OAEP, 3072 bits, SHA-256 and MGF1 with SHA-256', () => {
  const groups = read<Group<OaepVector> & { privateKeyPkcs8: string }>('rsa-oaep-3072-sha256.json')
  for (const { privateKeyPkcs8, tests } of groups) {
    const key = createPrivateKey({ key: hex(privateKeyPkcs8), format: 'der', type: 'pkcs8' })
    for (const vector of tests) {
      if (vector.result === 'invalid') {
        assert.throws(() => unwrap(key, vector), named(vector))
        continue
      }
      assert.equal(unwrap(key, vector).toString('hex'), vector.msg, named(vector))
    }
    const again = publicEncrypt(
      {
        key: createPublicKey(key),
        padding: constants.RSA_PKCS1_OAEP_PADDING,
        oaepHash: 'sha256',
      },
      Buffer.alloc(32, 1),
    )
    const vector = { tcId: 0, comment: 'ours', msg: '', label: '', result: 'valid' } as const
    assert.deepEqual(unwrap(key, { ...vector, ct: again.toString('hex') }), Buffer.alloc(32, 1))
  }
})

test('Wycheproof: AES-GCM with IVs of 96 bits', () => {
  for (const { keySize, tests } of read<GcmGroup>('aes-gcm-iv96.json')) {
    for (const vector of tests) {
      if (vector.result === 'invalid') {
        assert.throws(() => decrypt(keySize, vector), named(vector))
        continue
      }
      assert.equal(decrypt(keySize, vector).toString('hex'), vector.msg, named(vector))
      assert.deepEqual(encrypt(keySize, vector), { ct: vector.ct, tag: vector.tag }, named(vector))
    }
  }
})
