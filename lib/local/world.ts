import { createPrivateKey, randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type DynamoDBClient, ResourceInUseException } from '@aws-sdk/client-dynamodb'
import { certifyByKms } from '../../functions/intake/certify.ts'
import { reEncryptBy } from '../../functions/router/re-encrypt.ts'
import { createRouterTable, openStore } from '../../functions/router/store.ts'
import { openRouterTable } from '../../functions/router/table.ts'
import { openSecrets } from '../access/secrets.ts'
import type { CourierSandbox } from '../couriers/courier.ts'
import { couriers } from '../couriers/index.ts'
import { signControl } from '../custody/control.ts'
import { roleArn } from '../custody/policies.ts'
import { createRouter, type Router } from '../custody/router.ts'
import type { RouterNote } from '../custody/router-ports.ts'
import type { CourierConfig, GatewayConfig } from '../flow/config.ts'
import type { ExchangePorts } from '../flow/ports.ts'
import type { IntakePorts } from '../flow/receive.ts'
import type { ReleasePorts } from '../flow/release.ts'
import type { ShredPorts } from '../flow/shred.ts'
import type { SweepPorts } from '../flow/sweep.ts'
import { platforms } from '../platforms/index.ts'
import { createSealSigner, pinKey, readSealPins, signingKey } from '../seal/index.ts'
import { createClient, createStore, createTables } from '../store/index.ts'
import {
  type CourierKeys,
  courierAccount,
  gatewayRoleArn,
  kmsFor,
  type NamedKey,
  setUpCourier,
  setUpGateway,
} from './accounts.ts'
import { type CallRecord, type LocalAws, startLocalAws } from './aws-server.ts'
import { startDynamoDb } from './dynamodb.ts'
import {
  type CourierIdentity,
  type Identities,
  makeIdentities,
  publicJwk,
  readIdentities,
  writeIdentities,
} from './identities.ts'
import { lockFolder } from './lock.ts'
import { secretsOf } from './secrets.ts'

/** Everything that a laptop needs in place of AWS, and everybody's identities. */
export interface World {
  readonly aws: LocalAws
  readonly dynamodb: string
  readonly identities: Identities
  readonly config: GatewayConfig
  readonly couriers: Readonly<Record<string, CourierKeys>>
  readonly intake: IntakePorts
  readonly exchange: ExchangePorts
  readonly custody: ShredPorts & ReleasePorts
  readonly sweep: SweepPorts
  stop(): Promise<void>
}

/** Where the embedded database keeps its file, in a data folder. */
export const databaseFolder = (folder: string): string => join(folder, 'dynamodb')

/** How to start a world. */
export interface WorldOptions {
  /** Data folder; without one everything is in memory and gone at the end. */
  readonly folder?: string
  /** A DynamoDB that runs already. */
  readonly dynamodb?: string
  /** Where callers reach the gateway. */
  readonly origin: string
  readonly now?: () => Date
  readonly count?: (metric: string, by?: number) => void
  readonly onCall?: (record: CallRecord) => void
  readonly note?: (note: RouterNote) => void
}

/** Hops that every development courier has. */
export const HOPS = {
  'pickup-1': 'pickup',
  'station-1': 'delivery',
  'station-2': 'delivery',
} as const

/** Names of the gateway's tables in the embedded database. */
export const TABLES = { orders: 'Orders', keys: 'Keys', audit: 'Audit' }
const DAY = 86_400

/**
 * Starts the embedded DynamoDB, KMS and STS, sets up the gateway's and each courier's account under
 * the policies that are deployed, and wires the gateway's functions to them.
 *
 * @throws {StartError} where another process has the data folder
 */
export async function startWorld(options: WorldOptions): Promise<World> {
  const { folder } = options
  if (folder === undefined) return startServices(options)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const release = lockFolder(folder)
  try {
    const world = await startServices(options)
    return { ...world, stop: () => world.stop().finally(release) }
  } catch (error) {
    release()
    throw error
  }
}

async function startServices(options: WorldOptions): Promise<World> {
  const { folder, origin, now = () => new Date(), count = () => {} } = options
  const dynamodb = await startDynamoDb({
    url: options.dynamodb,
    dataDir: folder === undefined ? undefined : databaseFolder(folder),
  })
  const aws = await startLocalAws({
    ...(folder === undefined ? {} : { dataFile: join(folder, 'aws.json') }),
    ...(options.onCall === undefined ? {} : { onCall: options.onCall }),
    ...(options.now === undefined ? {} : { now: () => now().getTime() }),
  })
  const client = createClient({
    endpoint: dynamodb.endpoint,
    region: aws.region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })
  const identities = await openIdentities(folder)
  const signing = await setUpGateway(aws, identities)
  const accounts = await setUpCouriers(aws, identities)
  if (folder !== undefined) writeIdentities(folder, identities)
  const config = configOf(origin, signing, identities, accounts)
  await createTables(client, TABLES)
  const shared = { aws, client, identities, signing, config, now, note: options.note }
  const routers = await startRouters(shared, accounts)
  return {
    ...{ aws, dynamodb: dynamodb.endpoint, identities, config, couriers: accounts },
    ...portsOf(shared, count, routers),
    async stop() {
      client.destroy()
      await Promise.all([aws.stop(), dynamodb.stop()])
    },
  }
}

async function openIdentities(folder: string | undefined): Promise<Identities> {
  const known = folder === undefined ? undefined : readIdentities(folder)
  return makeIdentities(
    platforms.map(({ name, sandbox }) => ({ name, appKey: sandbox.appKey })),
    couriers.map(({ name }) => name),
    known,
  )
}

async function setUpCouriers(
  aws: LocalAws,
  identities: Identities,
): Promise<Record<string, CourierKeys>> {
  const accounts: Record<string, CourierKeys> = {}
  for (const [index, { name }] of couriers.entries()) {
    accounts[name] = await setUpCourier(aws, courierAccount(name, index, aws.region), identities)
  }
  return accounts
}

function configOf(
  origin: string,
  signing: NamedKey,
  identities: Identities,
  accounts: Readonly<Record<string, CourierKeys>>,
): GatewayConfig {
  return {
    origin,
    gatewayKeys: [signing.jwk],
    revokedCertificates: [],
    offerSeconds: 3 * DAY,
    keepSeconds: 30 * DAY,
    platforms: Object.fromEntries(platforms.map(({ name }) => [name, { shards: 1 }])),
    couriers: Object.fromEntries(
      couriers.flatMap(({ name, sandbox }) => {
        const keys = accounts[name]
        const identity = identities.couriers[name]
        if (keys === undefined || identity === undefined) return []
        return [[name, courierConfig(sandbox, keys, identity)]]
      }),
    ),
  }
}

function courierConfig(
  sandbox: CourierSandbox,
  { account, custody }: CourierKeys,
  identity: CourierIdentity,
): CourierConfig {
  const signer = (jwk: CourierIdentity['issuer']) => {
    const { kid } = pinKey(publicJwk(jwk))
    return { kid, jwk: publicJwk(jwk) }
  }
  const defaults = platforms.map(({ name }) => [name, sandbox.product] as const)
  return {
    settings: { ...sandbox.settings, defaultProducts: Object.fromEntries(defaults) },
    custodyKeys: [{ kid: custody.kid, jwk: custody.jwk, use: 'current' }],
    dispatchKeys: [signer(identity.dispatch)],
    issuer: { url: `https://${account.issuer}`, keys: [signer(identity.issuer)] },
    router: `lasthop-${account.courier}-router`,
    shards: 1,
  }
}

interface Shared {
  readonly aws: LocalAws
  readonly client: DynamoDBClient
  readonly identities: Identities
  readonly signing: NamedKey
  readonly config: GatewayConfig
  readonly now: () => Date
  readonly note: ((note: RouterNote) => void) | undefined
}

function portsOf(
  { aws, client, identities, signing, config, now }: Shared,
  count: (metric: string, by?: number) => void,
  routers: Readonly<Record<string, Router>>,
): Pick<World, 'intake' | 'exchange' | 'custody' | 'sweep'> {
  const store = createStore({
    client,
    tables: TABLES,
    clock: () => now().getTime(),
    random: randomBytes,
  })
  const source = secretsOf(identities)
  const secrets = {
    platforms: openSecrets(source, 'platforms', now),
    couriers: openSecrets(source, 'couriers', now),
  }
  const certify = certifyByKms(kmsFor(aws, gatewayRoleArn('intake')), signing.arn, signing.kid)
  const shared = { config, now, count, secrets, store }
  const bodyKey = Buffer.from(identities.bodyKey, 'base64url')
  return {
    exchange: shared,
    // Nobody looks at measures on a laptop.
    sweep: { ...shared, measure: () => {} },
    intake: {
      ...shared,
      signer: createSealSigner({ certify, now }),
      bodyKeys: async () => [bodyKey],
    },
    custody: {
      ...shared,
      router: async (courier, request) => {
        const router = routers[courier]
        if (router === undefined) throw new Error('no router')
        return router(request)
      },
    },
  }
}

/** Each courier's router, over its own table and with its own credentials, its hops registered. */
async function startRouters(
  shared: Shared,
  accounts: Readonly<Record<string, CourierKeys>>,
): Promise<Record<string, Router>> {
  const routers: Record<string, Router> = {}
  for (const [name, keys] of Object.entries(accounts)) {
    const identity = shared.identities.couriers[name]
    if (identity === undefined) continue
    routers[name] = await startRouter(shared, name, keys, identity)
  }
  return routers
}

async function startRouter(
  { aws, client, config, now, note }: Shared,
  courier: string,
  { account, custody, hop }: CourierKeys,
  identity: CourierIdentity,
): Promise<Router> {
  const aud = config.couriers[courier]?.router ?? ''
  const tableName = `Custody-${courier}`
  await createRouterTable(client, tableName).catch(unlessThere)
  const store = openStore(client, tableName)
  const windowSeconds = 3600
  const table = openRouterTable(store, { now, keepSeconds: 30 * DAY, windowSeconds })
  const router = createRouter(
    {
      courier,
      aud,
      dispatchKeys: [pinKey(publicJwk(identity.dispatch))],
      controlKeys: [pinKey(publicJwk(identity.control))],
      pins: readSealPins({ custodyKeys: [{ kid: custody.kid }], gatewayKeys: config.gatewayKeys }),
      custodyKeyArns: { [custody.kid]: custody.arn },
      hopKeyArn: hop,
      brake: { limit: 100_000, windowSeconds },
    },
    {
      table,
      reEncrypt: reEncryptBy(kmsFor(aws, roleArn(account, account.roles.router))),
      receiptKey: signingKey(createPrivateKey({ key: identity.receipts, format: 'jwk' })),
      now,
      note: note ?? (() => {}),
    },
  )
  await registerHops(router, { aud, courier, now: now() }, identity)
  return router
}

function unlessThere(error: unknown): void {
  if (!(error instanceof ResourceInUseException)) throw error
}

async function registerHops(
  router: Router,
  to: { aud: string; courier: string; now: Date },
  identity: CourierIdentity,
): Promise<void> {
  const key = signingKey(createPrivateKey({ key: identity.control, format: 'jwk' }))
  const order = (control: Parameters<typeof signControl>[0]) =>
    router({ control: signControl(control, to, key) })
  await order({ action: 'raise-floor', notBefore: 0 })
  for (const [hop, kind] of Object.entries(HOPS)) {
    await order({ action: 'register-hop', hop, kind, limit: 100_000 })
  }
}
