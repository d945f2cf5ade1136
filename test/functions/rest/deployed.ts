import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { APIGatewayProxyResult } from 'aws-lambda'
import { roleArn } from '../../../lib/custody/policies.ts'
import { gatewayRoleArn } from '../../../lib/local/accounts.ts'
import type { CallRecord } from '../../../lib/local/aws-server.ts'
import { publicJwk } from '../../../lib/local/identities.ts'
import { secretsOf } from '../../../lib/local/secrets.ts'
import { startWorld, type World } from '../../../lib/local/world.ts'
import { bundleFunctions } from '../../../lib/model/build/bundle.ts'
import { pinKey } from '../../../lib/seal/index.ts'
import { type StandIn, startStandIn } from './aws-stand-in.ts'
import { checkAnswer } from './check-answer.ts'
import { type FunctionHost, startFunction } from './function-host.ts'
import { type FunctionName, type RestApi, startRestApi } from './rest-api.ts'

const COURIER = 'sf'
const ROUTER_ARN = `arn:aws:lambda:us-east-1:444455556666:function:lasthop-${COURIER}-router`

/** The gateway as it is deployed: bundles in processes of their own, over the embedded services. */
export interface Deployed {
  readonly world: World
  readonly functions: Readonly<Record<string, FunctionHost>>
  readonly api: RestApi
  readonly standIn: StandIn
  /** Calls to KMS and STS since it stands. */
  readonly calls: CallRecord[]
  function(name: FunctionName | 'station'): FunctionHost
  stop(): Promise<void>
}

/** What watches a deployment. */
export interface Watching {
  /** A DynamoDB that runs already. */
  readonly dynamodb?: string
  /** Gets each invocation of a function, how long it took and what it answered. */
  readonly onInvoke?: (name: string, ms: number, result: unknown) => void
}

/** Bundles the functions, starts the services and loads every function with its own role's credentials. */
export async function deploy({ dynamodb, onInvoke }: Watching = {}): Promise<Deployed> {
  const folder = mkdtempSync(join(tmpdir(), 'lasthop-functions-'))
  const functions: Record<string, FunctionHost> = {}
  const calls: CallRecord[] = []
  const hostOf = (name: string): FunctionHost => {
    const host = functions[name]
    assert.ok(host, `${name} is not loaded`)
    return host
  }
  const api = await startRestApi(
    () => (name, event) => hostOf(name).invoke(event),
    ({ resource }, method, result) => checkResult(resource, method, result),
  )
  const [world, bundles] = await Promise.all([
    startWorld({
      origin: api.origin,
      onCall: call => void calls.push(call),
      ...(dynamodb === undefined ? {} : { dynamodb }),
    }),
    bundleFunctions(resolve(import.meta.dirname, '../../..'), folder),
  ])
  const standIn = await startStandIn(() => ({
    secrets: withOwn(world),
    named: { receipts: JSON.stringify(world.identities.couriers[COURIER]?.receipts) },
    functions: { [ROUTER_ARN]: event => hostOf('router').invoke(event) },
  }))
  // What setting up took is not the functions' doing.
  calls.length = 0
  const environments = environmentsOf(world, standIn, api, folder)
  const stop = async () => {
    for (const host of Object.values(functions)) host.stop()
    api.stop()
    standIn.stop()
    await world.stop()
    rmSync(folder, { recursive: true })
  }
  const started = await Promise.allSettled(
    bundles.map(async ({ name, file }) => {
      const host = await startFunction(file, environments[name] ?? {})
      functions[name] = onInvoke === undefined ? host : watched(name, host, onInvoke)
    }),
  )
  const failed = started.find(one => one.status === 'rejected')
  if (failed !== undefined) {
    await stop()
    throw failed.reason
  }
  return { ...{ world, functions, api, standIn, calls }, function: hostOf, stop }
}

function watched(
  name: string,
  host: FunctionHost,
  onInvoke: NonNullable<Watching['onInvoke']>,
): FunctionHost {
  return {
    ...host,
    async invoke(event) {
      const began = performance.now()
      const result = await host.invoke(event)
      onInvoke(name, performance.now() - began, result)
      return result
    },
  }
}

/** Requires that an answer is one that the OpenAPI document gives; the station has none. */
export function checkResult(resource: string, method: string, result: APIGatewayProxyResult): void {
  const { statusCode: status, headers = {}, body, isBase64Encoded } = result
  if (resource === '/{proxy+}') return
  const retry = headers['retry-after']
  checkAnswer(resource, method, {
    status,
    contentType: String(headers['content-type']),
    text: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8').toString('utf8'),
    retryAfter: retry === undefined ? undefined : String(retry),
  })
}

/** Partners' secrets, and the gateway's own beside the platforms'. */
function withOwn({ identities }: World): ReturnType<typeof secretsOf> {
  const partners = secretsOf(identities)
  const own = Buffer.from(JSON.stringify({ current: { secret: identities.bodyKey } }))
  return async (side, partner) =>
    side === 'platforms' && partner === 'gateway' ? own : partners(side, partner)
}

function environmentsOf(
  world: World,
  standIn: StandIn,
  api: RestApi,
  folder: string,
): Record<string, Record<string, string>> {
  const { aws, config } = world
  const keys = world.couriers[COURIER]
  assert.ok(keys)
  const write = (name: string, document: object) => {
    const file = join(folder, name)
    writeFileSync(file, JSON.stringify(document))
    return file
  }
  const services = {
    AWS_REGION: aws.region,
    AWS_ENDPOINT_URL_DYNAMODB: world.dynamodb,
    AWS_ENDPOINT_URL_KMS: aws.endpoint,
    AWS_ENDPOINT_URL_STS: aws.endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: standIn.endpoint,
    AWS_ENDPOINT_URL_LAMBDA: standIn.endpoint,
    AWS_EC2_METADATA_DISABLED: 'true',
  }
  const as = (arn: string) => {
    const { accessKeyId, secretAccessKey } = aws.credentials(arn)
    return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
  }
  const shared = {
    ...services,
    GATEWAY_CONFIG: write('gateway.json', config),
    ...{ ORDERS_TABLE: 'Orders', KEYS_TABLE: 'Keys', AUDIT_TABLE: 'Audit' },
    SECRETS_PREFIX: 'lasthop',
  }
  const [signing] = config.gatewayKeys
  assert.ok(signing)
  return {
    intake: {
      ...shared,
      ...as(gatewayRoleArn('intake')),
      SIGNING_KEY_ARN: world.identities.keys.gatewaySigning ?? '',
      SIGNING_KEY_ID: pinKey(signing).kid,
    },
    exchange: { ...shared, ...as(gatewayRoleArn('exchange')) },
    sweep: { ...shared, ...as(gatewayRoleArn('sweep')) },
    custody: {
      ...shared,
      ...as(gatewayRoleArn('custody')),
      ROUTERS: JSON.stringify({ [COURIER]: ROUTER_ARN }),
    },
    router: {
      ...services,
      ...as(roleArn(keys.account, keys.account.roles.router)),
      ROUTER_CONFIG: write('router.json', routerFile(world)),
    },
    station: { ...services, STATION_CONFIG: write('station.json', stationFile(world, api)) },
  }
}

function routerFile({ config, couriers, identities }: World): object {
  const [keys, identity] = [couriers[COURIER], identities.couriers[COURIER]]
  assert.ok(keys && identity)
  return {
    courier: COURIER,
    aud: config.couriers[COURIER]?.router,
    table: `Custody-${COURIER}`,
    hopKey: keys.hop,
    custodyKeys: [{ kid: keys.custody.kid, arn: keys.custody.arn }],
    gatewayKeys: config.gatewayKeys,
    dispatchKeys: [publicJwk(identity.dispatch)],
    controlKeys: [publicJwk(identity.control)],
    brake: { limit: 1000, windowSeconds: 3600 },
    keepSeconds: 86_400,
    receiptSecret: 'receipts',
  }
}

function stationFile({ config, couriers }: World, api: RestApi): object {
  const keys = couriers[COURIER]
  assert.ok(keys)
  return {
    courier: COURIER,
    gateway: api.origin,
    hopKey: keys.hop,
    stationRole: roleArn(keys.account, keys.account.roles.station),
    custodyKeys: [{ kid: keys.custody.kid }],
    gatewayKeys: config.gatewayKeys,
  }
}
