import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { fromBase64url } from '../../lib/seal/base64url.ts'
import { wrappedKeyOf } from '../../lib/seal/held-key.ts'
import { openSealed } from '../../lib/seal/open.ts'
import { verifySeal } from '../../lib/seal/signature.ts'
import * as f from '../seal/fixtures.ts'
import * as c from './fixtures.ts'
import { hopKeyArn, memoryKms } from './memory-kms.ts'
import { memoryTable } from './memory-table.ts'

// The swap attack against a copy of the router that believes the hash it is handed, and against ours.

const lib = join(import.meta.dirname, '../../lib')
const copy = mkdtempSync(join(tmpdir(), 'lasthop-unchecked-'))
after(() => rmSync(copy, { recursive: true }))

/** What is taken out: the hash of the actual key, and the care for what is handed in. */
const PATCHES = [
  ['seal/signature.ts', 'hashOfKey(wrappedKey)', "String(Reflect.get(held, 'keyHash'))"],
  ['custody/router.ts', 'checkHeldKey(held)', 'Object(held)'],
] as const

async function uncheckedRouter(): Promise<typeof import('../../lib/custody/router.ts')> {
  for (const room of ['model', 'seal', 'custody']) {
    cpSync(join(lib, room), join(copy, room), { recursive: true })
  }
  writeFileSync(join(copy, 'package.json'), '{"type":"module"}')
  for (const [file, find, put] of PATCHES) {
    const before = readFileSync(join(copy, file), 'utf8')
    assert.ok(before.includes(find), `${file} no longer holds: ${find}`)
    writeFileSync(join(copy, file), before.replaceAll(find, put))
  }
  return import(pathToFileURL(join(copy, 'custody/router.ts')).href)
}

test('attack 17 succeeds against a router that does not hash the key', async () => {
  const [x, y] = [await f.sealAtIntake(), await f.sealAtIntake({ order: f.otherOrder })]
  const good = c.requestFor(y)
  const { wrappedKey } = wrappedKeyOf(x)
  const { keyHash } = verifySeal(y, f.pins)
  const swapped = { ...good, held: { ...wrappedKeyOf(y), wrappedKey, keyHash } }

  const [kms, table] = [memoryKms(), memoryTable()]
  await c.makeWorld(table)
  const { createRouter } = await uncheckedRouter()
  const unchecked = createRouter(c.config, {
    ...{ table, reEncrypt: kms.reEncrypt, receiptKey: c.receiptKey, now: () => f.now, note() {} },
  })
  const answer = await unchecked(swapped)
  assert.ok('capsule' in answer)
  assert.equal(answer.capsule.context.order, f.otherOrder)
  const ciphertext = fromBase64url(answer.capsule.ciphertext, { code: 'MALFORMED', at: '' })
  const contentKey = kms.decrypt(ciphertext, hopKeyArn, answer.capsule.context)
  assert.deepEqual(openSealed(x, contentKey, f.binding), f.personal, "Y's hop reads X")

  const ours = await c.makeWorld()
  assert.equal(await ours.reason(swapped), 'SIGNATURE_INVALID at ')
  assert.equal(ours.kms.calls.length, 0)
  assert.ok('capsule' in (await ours.router(good)))
})
