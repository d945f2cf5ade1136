import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readPublicKey } from '../../functions/intake/certify.ts'
import { couriers } from '../../lib/couriers/index.ts'
import { type CustodyAccount, STS_AUDIENCE } from '../../lib/custody/policies.ts'
import { gatewayRoleArn, kmsFor } from '../../lib/local/accounts.ts'
import type { CallRecord, LocalAws } from '../../lib/local/aws-server.ts'
import { type Identities, publicJwk } from '../../lib/local/identities.ts'
import { platforms } from '../../lib/platforms/index.ts'
import { pinKey } from '../../lib/seal/index.ts'
import type { Cdk } from './cdk.ts'
import { mirror } from './mirror.ts'
import { tell } from './process.ts'

/** Whose accounts, and where. */
export interface Accounts {
  readonly region: string
  readonly gateway: string
  readonly courier: string
}

/** Who plays. */
export interface Names {
  readonly platform: string
  readonly courier: string
}

/** What there is once all stacks are deployed. */
export interface DeployedStacks {
  /** Where callers reach the gateway, and handhelds the station's helper. */
  readonly origin: string
  readonly stationOrigin: string
  readonly custody: { readonly arn: string; readonly kid: string; readonly jwk: object }
  readonly hop: string
  readonly signing: object
}

/** What a deployment works with. */
export interface Site {
  readonly cdk: Cdk
  readonly aws: LocalAws
  readonly endpoint: string
  /** The courier's account, and the names of its roles. */
  readonly custody: CustodyAccount
  /** Whether the emulator knows identity providers. */
  readonly providers: boolean
  readonly folder: string
  readonly accounts: Accounts
  readonly names: Names
  readonly identities: Identities
  /** Calls to KMS and STS, as they were decided. */
  readonly calls: CallRecord[]
}

/**
 * Deploys the stacks in the order of a real first deployment, each with its own account's credentials,
 * and pins in between what one must know of another: `CustodyKeys`, `Gateway`, `Custody`.
 */
export async function deployStacks(site: Site): Promise<DeployedStacks> {
  const { cdk, accounts, names } = site
  const all = new Set([accounts.gateway, accounts.courier])
  await Promise.all([...all].map(cdk.bootstrap))
  const keys = await deployKeys(site)
  pinCourier(site, keys)
  const first = await deployGateway(site, `${site.endpoint}/unknown`)
  const signing = await mirrorGateway(site, first)
  writePins(site, 'gateway', { signingKey: signing.kid, gatewayKeys: [signing.jwk] })
  const origin = urlOf(site.endpoint, first)
  await deployGateway(site, origin)
  const custody = await cdk.deploy(
    `Custody-${names.courier}`,
    accounts.courier,
    contextOf(site, origin),
  )
  const stationOrigin = urlOf(site.endpoint, custody)
  return { origin, stationOrigin, custody: keys.custody, hop: keys.hop, signing: signing.jwk }
}

async function deployKeys(site: Site) {
  const { cdk, aws, accounts, names, identities } = site
  const stack = `CustodyKeys-${names.courier}`
  tell(`deploying ${stack} in account ${accounts.courier}`)
  const outputs = await cdk.deploy(stack, accounts.courier, contextOf(site, site.endpoint))
  const issuer = identities.couriers[names.courier]?.issuer
  if (issuer === undefined) throw new Error(`no identity of ${names.courier}`)
  await mirror(aws, { template: cdk.templateOf(stack), account: accounts.courier, outputs })
  const jwk = publicJwk(issuer)
  // As the template has it, with the keys that STS would fetch from the issuer.
  aws.putProvider({
    account: accounts.courier,
    issuer: `https://${site.custody.issuer}`,
    audiences: [STS_AUDIENCE],
    keys: [{ ...jwk, kid: pinKey(jwk).kid }],
  })
  const arn = needed(outputs, 'CustodyKeyMainArn')
  // Its key administrator reads the public half, as `lasthop keys pin` does.
  const admin = aws.putRole({ account: accounts.courier, name: keyAdmin(accounts), trust: TRUST })
  const custody = { arn, ...(await readPublicKey(kmsFor(aws, admin), arn)) }
  return { custody, hop: needed(outputs, 'HopKeyArn') }
}

function deployGateway(site: Site, origin: string) {
  tell(`deploying Gateway in account ${site.accounts.gateway}`)
  return site.cdk.deploy('Gateway', site.accounts.gateway, contextOf(site, origin))
}

async function mirrorGateway(
  { aws, cdk, accounts }: Site,
  outputs: Readonly<Record<string, string>>,
) {
  await mirror(aws, { template: cdk.templateOf('Gateway'), account: accounts.gateway, outputs })
  const operator = aws.putUser({ account: accounts.gateway, name: 'operator', policies: [READS] })
  return readPublicKey(kmsFor(aws, operator), needed(outputs, 'SigningKeyArn'))
}

const READS = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'kms:GetPublicKey', Resource: '*' }],
}

const TRUST = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
}

/** Any role that is there before: the one by which `cdk bootstrap` deploys. */
const keyAdmin = ({ courier, region }: Accounts) => `cdk-hnb659fds-deploy-role-${courier}-${region}`

/** The documented context: accounts, origin, and for the emulator where policies are enforced. */
function contextOf(site: Site, origin: string): object {
  const { aws, accounts, names, folder, providers, custody: account } = site
  const { region, gateway, courier } = accounts
  const roles = [
    ...(['intake', 'exchange', 'custody', 'sweep'] as const).map(role => gatewayRoleArn(role)),
    `arn:aws:iam::${courier}:role/${account.roles.router}`,
    `arn:aws:iam::${courier}:role/lasthop-${names.courier}-station-helper`,
  ]
  const credentials = roles.map(arn => [arn.split('/').at(-1), aws.credentials(arn)] as const)
  return {
    gateway: { account: gateway, region, origin, defaultEndpoint: true },
    platforms: [names.platform],
    couriers: {
      [names.courier]: {
        ...{ account: courier, region, issuer: account.issuer, keyAdmin: keyAdmin(accounts) },
        station: { defaultEndpoint: true },
        ...(providers ? {} : { identityProvider: 'existing' }),
      },
    },
    partners: join(folder, 'partners'),
    emulator: { endpoint: aws.endpoint, credentials: Object.fromEntries(credentials) },
  }
}

/** What the courier publishes, and what its own stack needs beside. */
function pinCourier(site: Site, { custody, hop }: Awaited<ReturnType<typeof deployKeys>>): void {
  const { names, identities } = site
  const identity = identities.couriers[names.courier]
  const courier = couriers.find(({ name }) => name === names.courier)
  if (identity === undefined || courier === undefined) throw new Error('no such courier')
  const signer = (jwk: typeof identity.issuer) => {
    const { kid } = pinKey(publicJwk(jwk))
    return { kid, jwk: publicJwk(jwk) }
  }
  const products = platforms.map(({ name }) => [name, courier.sandbox.product] as const)
  writePins(site, names.courier, {
    settings: { ...courier.sandbox.settings, defaultProducts: Object.fromEntries(products) },
    custodyKeys: [{ kid: custody.kid, jwk: custody.jwk, use: 'current', arn: custody.arn }],
    dispatchKeys: [signer(identity.dispatch)],
    issuer: {
      url: `https://${site.custody.issuer}`,
      keys: [signer(identity.issuer)],
    },
    hopKey: hop,
    controlKeys: [publicJwk(identity.control)],
    brake: { limit: 100_000, windowSeconds: 3600 },
  })
}

function writePins({ folder }: Site, name: string, pins: object): void {
  mkdirSync(join(folder, 'partners'), { recursive: true })
  writeFileSync(join(folder, 'partners', `${name}.json`), JSON.stringify(pins, null, 2))
}

/** The address of a REST API in an emulator, out of the address that it would have at AWS. */
function urlOf(endpoint: string, outputs: Readonly<Record<string, string>>): string {
  const url = Object.entries(outputs).find(([name]) => name.includes('RestApiEndpoint'))?.[1] ?? ''
  const [, id] = /^https?:\/\/([a-z0-9]+)\./.exec(url) ?? []
  if (id === undefined) throw new Error('the stack names no REST API')
  return `${endpoint}/restapis/${id}/live/_user_request_`
}

function needed(outputs: Readonly<Record<string, string>>, name: string): string {
  const value = outputs[name]
  if (value === undefined) throw new Error(`the stack has no output ${name}`)
  return value
}
