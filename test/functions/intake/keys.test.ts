import assert from 'node:assert/strict'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { bodyKeysFrom } from '../../../functions/intake/body-keys.ts'
import { signingKeyOf } from '../../../functions/intake/signing-key.ts'
import { openSecrets } from '../../../lib/access/secrets.ts'
import { pinKey } from '../../../lib/seal/index.ts'
import { bareConfig } from '../rest/bare-ports.ts'

const text = () => randomBytes(32).toString('base64url')

/** Body keys out of a stored secret. */
function keysIn(stored: unknown) {
  const asked: string[] = []
  const source = async (side: string, partner: string) => {
    asked.push(`${side}/${partner}`)
    return stored === undefined ? undefined : Buffer.from(JSON.stringify(stored))
  }
  return { asked, read: bodyKeysFrom(openSecrets(source, 'platforms')) }
}

test('the body key is the gateway’s own secret, current first, then next', async () => {
  const [current, next] = [text(), text()]
  const one = keysIn({ current: { secret: current } })
  assert.deepEqual(await one.read(), [Buffer.from(current, 'base64url')])
  assert.deepEqual(one.asked, ['platforms/gateway'])
  const two = keysIn({ current: { secret: current }, next: { secret: next } })
  assert.deepEqual(
    (await two.read()).map(key => Buffer.from(key).toString('base64url')),
    [current, next],
  )
})

test('without it, or with one of another form, the store is away: nobody is refused for it', async () => {
  const good = text()
  const wrong = [
    undefined,
    {},
    { current: {} },
    { current: { secret: good.slice(1) } },
    { current: { secret: `${good}=` } },
    { current: { secret: good }, next: {} },
    { current: { secret: good }, next: { secret: 'short' } },
  ]
  for (const stored of wrong) {
    const away = { code: 'STORE_AWAY', retry: 'later' }
    await assert.rejects(keysIn(stored).read(), away, JSON.stringify(stored))
  }
})

test('the signing key must be one that the configuration publishes', () => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = publicKey.export({ format: 'jwk' })
  const { kid } = pinKey(jwk)
  const env = { SIGNING_KEY_ARN: 'arn:aws:kms:us-east-1:111122223333:key/1', SIGNING_KEY_ID: kid }
  const config = { ...bareConfig, gatewayKeys: [jwk] }
  assert.deepEqual(signingKeyOf(env, config), { arn: env.SIGNING_KEY_ARN, kid })
  const invalid = (at: string) => ({ code: 'VALUE_INVALID', at })
  assert.throws(() => signingKeyOf(env, bareConfig), invalid('/SIGNING_KEY_ID'))
  assert.throws(() => signingKeyOf({ SIGNING_KEY_ID: kid }, config), invalid('/SIGNING_KEY_ARN'))
  assert.throws(() => signingKeyOf({ ...env, SIGNING_KEY_ID: '' }, config), {
    ...invalid('/SIGNING_KEY_ID'),
  })
})
