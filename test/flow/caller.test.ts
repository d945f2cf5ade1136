import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { test } from 'node:test'
import { signHttpRequest } from '../../lib/access/http-signature.ts'
import type { RawRequest } from '../../lib/access/request.ts'
import { openSecrets } from '../../lib/access/secrets.ts'
import { callerOfPlatform, requireCourier } from '../../lib/flow/caller.ts'
import { douyin } from '../../lib/platforms/douyin/index.ts'
import {
  credential,
  requestOf,
  signedCall,
  spiCall,
  timestamp,
} from '../platforms/douyin/request.ts'
import { config, courier } from './fixtures.ts'

const now = new Date(Number(timestamp) * 1000)
const unauthenticated = { code: 'UNAUTHENTICATED' }
const shared = Buffer.alloc(32, 7)
const { appKey } = credential
const [secret = ''] = credential.secrets

/** Ports that know these credentials of every partner, and what was looked up. */
function ports(document: object) {
  const asked: string[] = []
  const source = async (_side: string, name: string) => {
    asked.push(name)
    return Buffer.from(JSON.stringify(document))
  }
  const secrets = {
    platforms: openSecrets(source, 'platforms', () => now),
    couriers: openSecrets(source, 'couriers', () => now),
  }
  const served = { ...config, couriers: { sf: courier } }
  return { ports: { config: served, now: () => now, count: () => {}, secrets }, asked }
}

/** A call signed by HTTP message signature. */
async function signed(path: string, key = shared): Promise<RawRequest> {
  const hmac = { keyid: 'k1', alg: 'hmac-sha256', key: createSecretKey(key) } as const
  const headers = await signHttpRequest({ method: 'GET', url: config.origin + path }, hmac, now)
  return { ...requestOf({}), method: 'GET', path, headers: new Map(Object.entries(headers)) }
}

const keys = {
  signatureKeys: [{ keyid: 'k1', alg: 'hmac-sha256', key: shared.toString('base64url') }],
}
const events = '/v1/platforms/douyin/events'

test('a platform by its own signature, with what was agreed', async () => {
  const settings = {
    couriers: { sf: { payer: 'sender', account: '7551234567' } },
    ignoreServices: ['X'],
  }
  const { ports: p } = ports({ current: { appKey, secret, settings } })
  assert.deepEqual(await callerOfPlatform(p, douyin, signedCall('{}')), {
    ...credential,
    ...settings,
  })
  await assert.rejects(callerOfPlatform(p, douyin, signedCall('{}', 'other')), unauthenticated)
})

test('a platform by an HTTP message signature, where it has a key', async () => {
  const { ports: p } = ports({ current: { appKey, secret, ...keys } })
  assert.equal((await callerOfPlatform(p, douyin, await signed(events))).appKey, appKey)
  const wrong = await signed(events, Buffer.alloc(32, 8))
  await assert.rejects(callerOfPlatform(p, douyin, wrong), unauthenticated)
  const { ports: without } = ports({ current: { appKey, secret } })
  await assert.rejects(callerOfPlatform(without, douyin, await signed(events)), unauthenticated)
})

test('either signature, never one beside a bad other', async () => {
  const { ports: p } = ports({ current: { appKey, secret, ...keys } })
  const native = signedCall('{}')
  const both = { ...native, headers: new Map([...native.headers, ['signature-input', 'sig=()']]) }
  await assert.rejects(callerOfPlatform(p, douyin, both), unauthenticated)
})

test('the next secret beside the present one', async () => {
  const { ports: p } = ports({ current: { appKey, secret: 'old' }, next: { appKey, secret } })
  assert.equal((await callerOfPlatform(p, douyin, signedCall('{}'))).appKey, appKey)
  assert.equal((await callerOfPlatform(p, douyin, signedCall('{}', 'old'))).appKey, appKey)
  await assert.rejects(callerOfPlatform(p, douyin, signedCall('{}', 'older')), unauthenticated)
})

test('MD5 where the credential allows it, and only there', async () => {
  const { ports: lax } = ports({ current: { appKey, secret, md5: true } })
  assert.equal((await callerOfPlatform(lax, douyin, spiCall('{}', 'md5'))).md5, true)
  const { ports: strict } = ports({ current: { appKey, secret } })
  await assert.rejects(callerOfPlatform(strict, douyin, spiCall('{}', 'md5')), unauthenticated)
})

test('a platform without a secret signs nothing, not even with an empty one', async () => {
  const { ports: p } = ports({ current: { appKey } })
  await assert.rejects(callerOfPlatform(p, douyin, signedCall('{}', '')), unauthenticated)
})

test('a courier that is served; for others nothing is looked up', async () => {
  const { ports: p, asked } = ports({ current: keys })
  const path = '/v1/couriers/sf/waybills'
  await requireCourier(p, 'sf', await signed(path))
  for (const name of ['kye', '__proto__', 'constructor'])
    await assert.rejects(requireCourier(p, name, await signed(path)), unauthenticated)
  assert.deepEqual(asked, ['sf'])
})
