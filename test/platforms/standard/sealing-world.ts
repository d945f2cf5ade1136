import assert from 'node:assert/strict'
import { createPrivateKey, generateKeyPairSync, type JsonWebKey } from 'node:crypto'
import { once } from 'node:events'
import { serve } from '@hono/node-server'
import { readPublicKey } from '../../../functions/intake/certify.ts'
import { reEncryptBy } from '../../../functions/router/re-encrypt.ts'
import { openStore } from '../../../functions/router/store.ts'
import { openRouterTable } from '../../../functions/router/table.ts'
import { courierClient } from '../../../lib/cli/courier-client.ts'
import { platformClient } from '../../../lib/cli/platform-client.ts'
import { list, textOf } from '../../../lib/cli/send.ts'
import { stationPorts, tokenIssuer } from '../../../lib/cli/station-client.ts'
import { custodyKeyPolicy, roleArn } from '../../../lib/custody/policies.ts'
import { createRouter } from '../../../lib/custody/router.ts'
import type { CourierConfig, GatewayConfig } from '../../../lib/flow/config.ts'
import { sealPinsOf } from '../../../lib/flow/keyring.ts'
import { kmsFor } from '../../../lib/local/accounts.ts'
import { publicJwk } from '../../../lib/local/identities.ts'
import { gatewayApp } from '../../../lib/local/server.ts'
import { startWorld, type World } from '../../../lib/local/world.ts'
import { pinKey, type SealPins, signingKey } from '../../../lib/seal/index.ts'
import { createClient } from '../../../lib/store/index.ts'

const DAY = 86_400

/**
 * A gateway over a socket whose courier `standard` has a custody key that only the platform `standard`
 * seals to: pinned by the gateway and, on its own, by the courier's router.
 */
export async function startSealingWorld() {
  let answer: (request: Request) => Response | Promise<Response> = () => new Response(null)
  const server = serve({ fetch: request => answer(request), hostname: '127.0.0.1', port: 0 })
  if (!server.listening) await once(server, 'listening')
  const address = server.address()
  const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  const world = await startWorld({ origin })
  const own = await ownKey(world)
  const config = withOwnKey(world.config, own)
  const contract = courierIn(config)
  const pins = sealPinsOf(config, contract)
  const { router, close } = routerOf(world, contract, pins, own)
  const bugs: string[] = []
  const bodies: string[] = []
  const app = gatewayApp(
    {
      intake: { ...world.intake, config },
      exchange: { ...world.exchange, config },
      custody: { ...world.custody, config, router: async (_, request) => router(request) },
    },
    name => void bugs.push(name),
  )
  answer = async request => {
    bodies.push(await request.clone().text())
    return app.fetch(request)
  }
  const { platform, courier, keys } = namesOf(world)
  return {
    ...{ origin, config, own, pins, bugs, bodies },
    platform: platformClient(origin, 'standard', platform),
    courier: courierClient(origin, 'standard', courier, { pins, router: contract.router }),
    station: stationPorts(origin, keys, world.aws, pins),
    issuer: tokenIssuer(contract.issuer.url, courier),
    /** The courier's public keys as anybody reads them, of those the one with this thumbprint. */
    async publishedKey(kid: string): Promise<JsonWebKey> {
      const reply = await fetch(`${origin}/v1/couriers/standard/keys`)
      const key = list(await reply.json(), 'keys').find(one => textOf(one, 'kid') === kid)
      return Object(key ?? assert.fail('the key is not published'))
    },
    async stop() {
      close()
      await new Promise<void>(done => {
        server.close(() => done())
        if ('closeAllConnections' in server) server.closeAllConnections()
      })
      await world.stop()
    },
  }
}

/** The platform's custody key in the courier's account, and the platform's own signing key. */
interface Own {
  readonly arn: string
  readonly kid: string
  readonly jwk: JsonWebKey
  readonly signer: JsonWebKey
}

function namesOf({ identities, couriers }: World) {
  const [platform, courier] = [identities.platforms.standard, identities.couriers.standard]
  const keys = couriers.standard
  assert(platform && courier && keys)
  return { platform, courier, keys }
}

function courierIn({ couriers }: GatewayConfig): CourierConfig {
  return couriers.standard ?? assert.fail('no courier "standard"')
}

async function ownKey(world: World): Promise<Own> {
  const { account } = namesOf(world).keys
  const policy = JSON.stringify(custodyKeyPolicy(account))
  const arn = await world.aws.createKey({ account: account.account, spec: 'RSA_3072', policy })
  const kms = kmsFor(world.aws, roleArn(account, account.roles.keyAdmin))
  const { kid, jwk } = await readPublicKey(kms, arn)
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { arn, kid, jwk, signer: privateKey.export({ format: 'jwk' }) }
}

function withOwnKey(config: GatewayConfig, { kid, jwk, signer }: Own): GatewayConfig {
  const contract = courierIn(config)
  const platformKeys = [publicJwk(signer)]
  const pinned = { kid, jwk, use: 'current', platform: 'standard', platformKeys } as const
  const standard = { ...contract, custodyKeys: [...contract.custodyKeys, pinned] }
  return { ...config, couriers: { ...config.couriers, standard } }
}

/** The courier's router as the world has it, with the platform's key pinned beside the gateway's. */
function routerOf(world: World, contract: CourierConfig, pins: SealPins, own: Own) {
  const { courier: identity, keys } = namesOf(world)
  const { account, custody, hop } = keys
  const client = createClient({
    endpoint: world.dynamodb,
    region: world.aws.region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })
  const now = () => new Date()
  const windowSeconds = 3600
  const store = openStore(client, 'Custody-standard')
  const router = createRouter(
    {
      courier: 'standard',
      aud: contract.router,
      dispatchKeys: [pinKey(publicJwk(identity.dispatch))],
      controlKeys: [pinKey(publicJwk(identity.control))],
      pins,
      custodyKeyArns: { [custody.kid]: custody.arn, [own.kid]: own.arn },
      hopKeyArn: hop,
      brake: { limit: 100, windowSeconds },
    },
    {
      table: openRouterTable(store, { now, keepSeconds: 30 * DAY, windowSeconds }),
      reEncrypt: reEncryptBy(kmsFor(world.aws, roleArn(account, account.roles.router))),
      receiptKey: signingKey(createPrivateKey({ key: identity.receipts, format: 'jwk' })),
      now,
      note: () => {},
    },
  )
  return { router, close: () => client.destroy() }
}
