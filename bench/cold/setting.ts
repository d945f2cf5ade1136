import { createPublicKey, generateKeyPairSync, type JsonWebKey, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { thumbprint } from '../../lib/seal/keys.ts'
import { gatewayFile, routerFile, stationFile } from '../../lib/stack/config-files.ts'
import { custodyAccountOf } from '../../lib/stack/context.ts'
import { restEvent } from '../../test/functions/rest/rest-event.ts'
import { contextOf, pinsOf } from '../../test/stack/synthesized.ts'

/** The event that each function answers first, and a sign of the answer that it must give. */
export const EVENTS: Readonly<Record<string, { event: unknown; answer: RegExp }>> = {
  intake: {
    event: rest('POST', '/v1/platforms/douyin/orders', { ...json('{"a":1}') }),
    answer: /"statusCode":401/,
  },
  exchange: { event: rest('GET', '/v1/health'), answer: /"statusCode":200/ },
  custody: {
    event: rest('POST', '/v1/couriers/sf/assignments', { ...json('{"assignments":[]}') }),
    answer: /"statusCode":401/,
  },
  router: { event: {}, answer: /"refused":"RELEASE_REFUSED"/ },
  station: { event: rest('POST', '/v1/open', { ...json('{}') }), answer: /"statusCode":4\d\d/ },
  sweep: { event: {}, answer: /"expired":0/ },
}

function json(text: string) {
  return { headers: [['content-type', 'application/json']] as const, body: Buffer.from(text) }
}

function rest(method: string, path: string, more = {}): unknown {
  return restEvent({ method, path, ...more }, { resource: path, parameters: null })
}

/** What a function finds around it: its configuration, and services that have nothing to tell. */
export interface Setting {
  readonly env: Readonly<Record<string, string>>
  stop(): void
}

/** Writes configuration files and answers, on this machine, what functions ask of AWS when they begin. */
export async function openSetting(folder: string): Promise<Setting> {
  const [endpoint, stop] = await startServices()
  const { context, pins, custody } = pinned()
  const write = (name: string, content: object): string => {
    const file = join(folder, name)
    writeFileSync(file, JSON.stringify(content))
    return file
  }
  const names = { table: 'Custody-sf', receiptSecret: 'receipts' }
  const env = {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'example',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL: endpoint,
    GATEWAY_CONFIG: write('gateway.json', gatewayFile(context, pins)),
    ROUTER_CONFIG: write('router.json', routerFile(custody, names)),
    STATION_CONFIG: write('station.json', stationFile(custody, context.gateway.origin)),
    ...{ ORDERS_TABLE: 'Orders', KEYS_TABLE: 'Keys', AUDIT_TABLE: 'Audit' },
    SECRETS_PREFIX: 'lasthop',
    SIGNING_KEY_ARN: 'arn:aws:kms:us-east-1:111122223333:key/signing',
    SIGNING_KEY_ID: pins.gateway?.signingKey ?? '',
    ROUTERS: '{"sf":"arn:aws:lambda:us-east-1:444455556666:function:lasthop-sf-router"}',
  }
  return { env, stop }
}

function pinned() {
  const context = contextOf()
  const kidOf = (jwk: JsonWebKey) => thumbprint(createPublicKey({ key: jwk, format: 'jwk' }))
  const pins = pinsOf(kidOf)
  const [courier, at] = [pins.couriers.sf, context.couriers.sf]
  const { gateway } = pins
  if (courier === undefined || at === undefined || gateway === undefined) throw new Error('no pins')
  const { controlKeys = [], brake = { limit: 1, windowSeconds: 60 } } = courier
  const account = custodyAccountOf('sf', at)
  return {
    context,
    pins,
    custody: { account, gateway, courier: { ...courier, controlKeys, brake } },
  }
}

/** Secrets Manager with a secret for everybody, and a DynamoDB in which nothing is. */
async function startServices(): Promise<[endpoint: string, stop: () => void]> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const receipts = JSON.stringify(privateKey.export({ format: 'jwk' }))
  const shared = JSON.stringify({ current: { secret: randomBytes(32).toString('base64url') } })
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    const target = String(request.headers['x-amz-target'])
    const isReceipts = Buffer.concat(parts).includes('receipts')
    const isSecret = target.startsWith('secretsmanager.')
    const answer = isSecret
      ? { Name: 'secret', SecretString: isReceipts ? receipts : shared }
      : { Items: [], Count: 0, ScannedCount: 0, Responses: {} }
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' })
    response.end(JSON.stringify(answer))
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const stop = () => {
    server.close()
    server.closeAllConnections()
  }
  return [`http://127.0.0.1:${port}`, stop]
}
