import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import type { CustodyAccount } from '../custody/policies.ts'
import schema from './context.schema.json' with { type: 'json' }
import type { EmulatorContext } from './emulator.ts'

/** How a REST API is reached: by a domain of its own, or by API Gateway's for a trial. One of the two. */
export interface EndpointContext {
  /** ARN of the domain's certificate. */
  readonly certificate?: string
  readonly defaultEndpoint?: true
}

/** The operator's account. */
export interface GatewayContext extends EndpointContext {
  readonly account: string
  readonly region: string
  /** `https://gateway.example`, without a slash at its end. */
  readonly origin: string
  /** Requests that one method of one partner may have: a second, and at once. */
  readonly throttle?: { readonly rate: number; readonly burst: number }
  readonly offerSeconds?: number
  /** ARN of the topic that alarms go to. */
  readonly alarmTopic?: string
  /** ARN of the firewall before the REST API. */
  readonly webAcl?: string
  /** `s3://bucket/callers.pem`: certificates that callers must have one of. */
  readonly truststore?: string
  readonly keepSeconds?: number
}

/** A courier's account. */
export interface CourierContext {
  readonly account: string
  readonly region: string
  readonly issuer: string
  readonly identityProvider?: 'existing'
  readonly keyAdmin: string
  readonly deploy?: string
  readonly custodyKeys?: readonly string[]
  readonly alarmTopic?: string
  readonly station?: EndpointContext & { readonly domain?: string }
}

/** Member `lasthop` of the CDK context; `context.schema.json` says what each member is. */
export interface StackContext {
  readonly gateway: GatewayContext
  readonly platforms: readonly string[]
  readonly couriers: Readonly<Record<string, CourierContext>>
  readonly partners?: string
  /** Partners that are switched off. */
  readonly disabled?: {
    readonly platforms?: readonly string[]
    readonly couriers?: readonly string[]
  }
  readonly emulator?: EmulatorContext
}

/** Something that the operator wrote is wrong; the text says where, and what is wanted instead. */
export class ContextError extends Error {
  override readonly name = 'ContextError'
}

const isContext = new Ajv2020({ allErrors: true, strict: true }).compile<StackContext>(schema)

/**
 * The context as it comes from `cdk.json`, `cdk.context.json`, or as JSON text from `-c lasthop=…`.
 *
 * @throws {ContextError} naming every member that is wrong
 */
export function readContext(value: unknown): StackContext {
  const context = typeof value === 'string' ? parse(value) : value
  if (context === undefined) throw new ContextError('lasthop: is missing')
  if (!isContext(context)) throw new ContextError(told(isContext.errors))
  const faults = [
    ...gatewayFaults(context),
    ...disabledFaults(context),
    ...Object.entries(context.couriers).flatMap(faultsOf(context)),
  ]
  if (faults.length > 0) throw new ContextError(faults.join('\n'))
  return context
}

/** `aws`, or `aws-cn` for China: the partition that a region lies in. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn'
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
}

/** What the policies of a courier's account are built from. The roles' names are fixed. */
export function custodyAccountOf(courier: string, of: CourierContext): CustodyAccount {
  const { account, region, issuer, keyAdmin } = of
  const deploy = of.deploy ?? `cdk-hnb659fds-cfn-exec-role-${account}-${region}`
  const [router, station] = [routerName(courier), `lasthop-${courier}-station`]
  const roles = { router, station, keyAdmin, deploy }
  return { partition: partitionOf(region), region, account, courier, roles, issuer }
}

/** Name of a courier's router: of its role, of its function, and in the `aud` of statements to it. */
export function routerName(courier: string): string {
  return `lasthop-${courier}-router`
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ContextError('lasthop: is no JSON')
  }
}

/** What a validator found, line by line: `lasthop/gateway/account: must be string`. */
export function told(errors: readonly ErrorObject[] | null | undefined, root = 'lasthop'): string {
  const lines = (errors ?? []).flatMap(({ instancePath, keyword, message, params }) => {
    // It only repeats what was said of the name.
    if (keyword === 'propertyNames') return []
    const extra = 'additionalProperty' in params ? `: ${String(params.additionalProperty)}` : ''
    return [`${root}${instancePath}: ${message ?? 'is wrong'}${extra}`]
  })
  return lines.join('\n')
}

function gatewayFaults({ gateway, platforms }: StackContext): string[] {
  const faults = endpointFaults('lasthop/gateway', gateway)
  if (gateway.defaultEndpoint === undefined && !gateway.origin.startsWith('https:')) {
    faults.push('lasthop/gateway/origin: must begin with https:')
  }
  // `platforms/gateway` is where the gateway's own secret lies.
  if (platforms.includes('gateway')) faults.push('lasthop/platforms: none may be called gateway')
  if (gateway.truststore !== undefined && gateway.certificate === undefined) {
    faults.push('lasthop/gateway/truststore: needs a domain, which certificate gives')
  }
  for (const name of ['webAcl', 'alarmTopic'] as const) {
    faults.push(...regionFaults(`lasthop/gateway/${name}`, gateway[name], gateway.region))
  }
  return faults
}

/** Neither a firewall nor a topic is reached in another region. */
function regionFaults(at: string, arn: string | undefined, region: string): string[] {
  const isElsewhere = arn !== undefined && arn.split(':')[3] !== region
  return isElsewhere ? [`${at}: must lie in ${region}`] : []
}

/** A switch with a misspelt name would switch nobody off. */
function disabledFaults({ disabled = {}, platforms, couriers }: StackContext): string[] {
  const known = { platforms, couriers: Object.keys(couriers) }
  return (['platforms', 'couriers'] as const).flatMap(side =>
    (disabled[side] ?? [])
      .filter(name => !known[side].includes(name))
      .map(name => `lasthop/disabled/${side}: ${name} is none of them`),
  )
}

function faultsOf({ gateway }: StackContext) {
  return ([name, { region, station, alarmTopic }]: [string, CourierContext]): string[] => {
    const at = `lasthop/couriers/${name}`
    const faults = station === undefined ? [] : endpointFaults(`${at}/station`, station)
    if (
      station !== undefined &&
      (station.domain === undefined) !== (station.certificate === undefined)
    ) {
      faults.push(`${at}/station: domain and certificate go together`)
    }
    if (partitionOf(region) !== partitionOf(gateway.region)) {
      faults.push(`${at}/region: the gateway cannot reach another partition`)
    }
    faults.push(...regionFaults(`${at}/alarmTopic`, alarmTopic, region))
    return faults
  }
}

function endpointFaults(at: string, { certificate, defaultEndpoint }: EndpointContext): string[] {
  const isOne = (certificate === undefined) !== (defaultEndpoint === undefined)
  return isOne ? [] : [`${at}: needs one of certificate and defaultEndpoint`]
}
