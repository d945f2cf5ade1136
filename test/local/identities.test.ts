import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { readGenerations } from '../../lib/access/credentials.ts'
import { makeIdentities, readIdentities, writeIdentities } from '../../lib/local/identities.ts'
import { secretsOf } from '../../lib/local/secrets.ts'

const platforms = [{ name: 'douyin', appKey: '68' }]
const couriers = ['sf']

test('a data folder of an older version gets what it lacks and keeps the rest', () => {
  const first = makeIdentities(platforms, couriers)
  const { http: _, ...platform } = first.platforms.douyin ?? assert.fail()
  const { secret: __, ...courier } = first.couriers.sf ?? assert.fail()
  // What an older version wrote, as it is read: without the newer members.
  const old = { ...first, platforms: { douyin: platform }, couriers: { sf: courier } }
  const now = makeIdentities(
    [...platforms, { name: 'acme', appKey: 'acme' }],
    [...couriers, 'swift'],
    JSON.parse(JSON.stringify(old)),
  )
  assert.equal(now.bodyKey, first.bodyKey)
  assert.deepEqual(now.platforms.douyin, { ...platform, http: now.platforms.douyin?.http })
  assert.deepEqual(now.couriers.sf, { ...courier, secret: now.couriers.sf?.secret })
  assert.match(now.couriers.sf?.secret ?? '', /^[\w-]{43}$/)
  assert.equal(now.platforms.acme?.http.keyid, 'platform-acme-dev')
  assert.equal(now.couriers.swift?.http.keyid, 'swift-dev')
})

test('nobody else reads what is written', t => {
  const folder = mkdtempSync(join(tmpdir(), 'lasthop-identities-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const made = makeIdentities(platforms, couriers)
  writeIdentities(folder, made)
  assert.deepEqual(readIdentities(folder), made)
  for (const file of ['credentials.json', 'sf-http.pem', 'platform-douyin-http.pem']) {
    assert.equal(statSync(join(folder, file)).mode & 0o777, 0o600, file)
  }
})

test('the gateway is told secrets and public halves, no private key', async () => {
  const source = secretsOf(makeIdentities(platforms, couriers))
  for (const [side, partner] of [
    ['platforms', 'douyin'],
    ['couriers', 'sf'],
  ] as const) {
    const text = String(Buffer.from((await source(side, partner)) ?? assert.fail()))
    const { current } = readGenerations(JSON.parse(text))
    assert.equal(current.secret?.length, 43)
    assert.equal(current.signatureKeys[0]?.key.type, 'public')
    assert.doesNotMatch(text, /"d"/)
  }
})
