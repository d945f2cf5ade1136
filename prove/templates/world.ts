import type { StackContext } from '../../lib/stack/context.ts'
import { listOf, memberOf } from '../../test/stack/rights.ts'
import { contextOf, pinsOf, synthesize } from '../../test/stack/synthesized.ts'
import { arnOf, type Place, plainId, resolve, type Template } from './resolve.ts'

/** A policy with everything written out. */
export interface Policy {
  readonly Version: '2012-10-17'
  readonly Statement: readonly unknown[]
}

/** Who may ask: a role of the stacks, or somebody of the accounts around them. */
export interface Principal {
  readonly arn: string
  readonly account: string
  readonly policies: readonly Policy[]
  readonly tags: Readonly<Record<string, string>>
}

/** What may be asked for. */
export interface Thing {
  readonly arn: string
  readonly account: string
  /** Its own policy, a role's trust policy, a function's permissions. */
  readonly policy?: Policy
}

/** Templates by stack, as they come from synthesis. */
export type Templates = Readonly<Record<string, Template>>

/** Templates and where they go. */
export interface Deployment {
  readonly name: string
  readonly context: StackContext
  readonly templates: Templates
}

/** Everybody and everything of a deployment. */
export interface World {
  readonly principals: ReadonlyMap<string, Principal>
  readonly things: ReadonlyMap<string, Thing>
}

/** The three ways in which the stacks are deployed, each with all its pins. */
export function deployments(): Deployment[] {
  const contexts = {
    'two accounts': contextOf(),
    'one account': contextOf({ courierAccount: contextOf().gateway.account }),
    'cn-north-1': contextOf({ region: 'cn-north-1' }),
  }
  return Object.entries(contexts).map(([name, context]) => {
    const { templates, missing } = synthesize(context, pinsOf())
    if (missing.length > 0) throw new Error(missing.join('\n'))
    return { name, context, templates }
  })
}

/** Where each stack of a deployment goes. */
export function placesOf({ context, templates }: Deployment): [string, Template, Place][] {
  const courier = context.couriers.sf
  if (courier === undefined) throw new Error('no courier')
  return Object.entries(templates).map(([stack, template]) => {
    const { account, region } = stack === 'Gateway' ? context.gateway : courier
    const partition = region.startsWith('cn-') ? 'aws-cn' : 'aws'
    return [stack, template, { partition, region, account }]
  })
}

const policy = (...Statement: unknown[]): Policy => ({ Version: '2012-10-17', Statement })
const everything = policy({ Effect: 'Allow', Action: ['*'], Resource: ['*'] })
const STRANGER = '999988887777'

/** What a role of the stacks is called in the tables: `lasthop-sf-station-helper` → `helper`. */
export function roleName(name: string): string {
  if (/CloudWatchRole/.test(name)) return name.startsWith('Station') ? 'stationLogger' : 'logger'
  return name.replace(/^lasthop-(sf-)?(station-(?=helper))?/, '')
}

/** Everybody and everything of a deployment, and those around it. */
export function worldOf(deployment: Deployment): World {
  const places = placesOf(deployment)
  const found = places.flatMap(([stack, template, place]) =>
    Object.keys(template.Resources).map(id => ({ stack, template, place, id })),
  )
  const gateway = placeOf(places, 'Gateway')
  const courier = placeOf(places, 'CustodyKeys-sf')
  const { keyAdmin = '' } = deployment.context.couriers.sf ?? {}
  const everybody = [...found.flatMap(roleOf), ...outsiders(gateway, courier, keyAdmin)]
  const attached = found.flatMap(attachmentsOf)
  const things = [...found.flatMap(thingsOf), ...ordinary(gateway, courier)]
  return { principals: joined(unique(everybody), attached), things: unique(things) }
}

/** Two of one name would hide one another. */
function unique<T>(entries: readonly (readonly [string, T])[]): Map<string, T> {
  const all = new Map(entries)
  const twice = entries.filter(([name, of]) => all.get(name) !== of)
  if (twice.length > 0) throw new Error(`two of one name: ${twice.map(([name]) => name)}`)
  return all
}

/** A resource where it is found. */
interface Found {
  readonly stack: string
  readonly template: Template
  readonly place: Place
  readonly id: string
}

/** Reads a resource: its type, a member worked out, its ARN. */
function read({ template, place, id }: Found) {
  const { Type, Properties = {} } = template.Resources[id] ?? { Type: 'missing' }
  return {
    type: Type,
    of: (member: string) => resolve(template, place, Properties[member]),
    where: () => ({ arn: arnOf(template, id, place), account: place.account }),
  }
}

/** A role, by its whole name, with the policies that lie in it. */
function roleOf(found: Found): [string, Principal][] {
  const { type, of, where } = read(found)
  if (type !== 'AWS::IAM::Role') return []
  const { arn, account } = where()
  const inline = listOf(of('Policies')).map(one => asPolicy(memberOf(one, 'PolicyDocument')))
  const managed = listOf(of('ManagedPolicyArns')).map(one => managedPolicy(String(one)))
  const policies = [...inline, ...managed]
  return [[arn.replace(/.*\//, ''), { arn, account, policies, tags: tagsOf(of('Tags')) }]]
}

function attachmentsOf(found: Found): [role: string, Policy][] {
  const { type, of } = read(found)
  if (!/^AWS::IAM::(Managed)?Policy$/.test(type)) return []
  return listOf(of('Roles')).map(role => [String(role), asPolicy(of('PolicyDocument'))])
}

function thingsOf(found: Found): [string, Thing][] {
  const { type, of, where } = read(found)
  const { stack, template, place, id } = found
  const under = (document: unknown) =>
    document === undefined ? where() : { ...where(), policy: asPolicy(document) }
  if (type === 'AWS::IAM::Role')
    return [[`role ${roleName(lastOf(where().arn))}`, under(of('AssumeRolePolicyDocument'))]]
  if (type === 'AWS::DynamoDB::Table')
    return [[plainId(id), under(memberOf(of('ResourcePolicy'), 'PolicyDocument'))]]
  if (type === 'AWS::KMS::Key') return [[keyName(stack, id), under(of('KeyPolicy'))]]
  if (type === 'AWS::Lambda::Function') {
    const { arn, account } = where()
    const permissions = permissionsOf(template, place, arn)
    return [[`function ${roleName(lastOf(arn))}`, { arn, account, ...permissions }]]
  }
  if (type === 'AWS::Logs::LogGroup') {
    const { arn, account } = where()
    return [[`log ${logName(stack, id)}`, { arn: arn.replace(/\*$/, 'log-stream:s'), account }]]
  }
  return type === 'AWS::IAM::OIDCProvider' ? [['provider', where()]] : []
}

/** `arn:…:role/lasthop-intake` → `lasthop-intake`. */
const lastOf = (arn: string): string => arn.replace(/.*[:/]/, '')

function joined(all: ReadonlyMap<string, Principal>, attached: readonly [string, Policy][]) {
  const unknown = attached.filter(([name]) => !all.has(name))
  if (unknown.length > 0) throw new Error(`a policy of nobody: ${unknown.map(([name]) => name)}`)
  return unique(
    [...all].map(([name, of]): [string, Principal] => {
      const more = attached.flatMap(([role, policy]) => (role === name ? [policy] : []))
      return [shortName(name), { ...of, policies: [...of.policies, ...more] }]
    }),
  )
}

function shortName(name: string): string {
  if (name.startsWith('cdk-')) return 'deploy'
  return name === 'key-admin' ? 'keyAdmin' : roleName(name)
}

function placeOf(places: readonly [string, Template, Place][], stack: string): Place {
  const [, , place] = places.find(([name]) => name === stack) ?? []
  if (place === undefined) throw new Error(`no stack ${stack}`)
  return place
}

/** Those whom the stacks do not make: as powerful as identities get. */
function outsiders(gateway: Place, courier: Place, keyAdmin: string): Map<string, Principal> {
  const of = ({ partition }: Place, account: string, name: string, policies: Policy[]) => {
    const arn = `arn:${partition}:iam::${account}:role/${name}`
    return [name, { arn, account, policies, tags: {} }] as const
  }
  const deploy = `cdk-hnb659fds-cfn-exec-role-${courier.account}-${courier.region}`
  return new Map([
    of(gateway, gateway.account, 'admin', [everything]),
    of(courier, courier.account, deploy, [everything]),
    of(courier, courier.account, keyAdmin, []),
    of(courier, courier.account, 'power', [everything]),
    of(courier, STRANGER, 'stranger', [everything]),
  ])
}

/** Secrets, which nobody's template makes, and an ordinary key of the courier's account. */
function ordinary(gateway: Place, courier: Place): [string, Thing][] {
  const secret = ({ partition, region, account }: Place, name: string): Thing => ({
    arn: `arn:${partition}:secretsmanager:${region}:${account}:secret:lasthop/${name}-Ab12Cd`,
    account,
  })
  const { partition, region, account } = courier
  const AWS = `arn:${partition}:iam::${account}:root`
  const delegated = policy({
    Effect: 'Allow',
    Principal: { AWS },
    Action: ['kms:*'],
    Resource: ['*'],
  })
  const plain = { arn: `arn:${partition}:kms:${region}:${account}:key/plain`, account }
  return [
    ['secret platform', secret(gateway, 'platforms/douyin')],
    ['secret bodies', secret(gateway, 'platforms/gateway')],
    ['secret courier', secret(gateway, 'couriers/sf')],
    ['secret foreign', secret(gateway, 'couriers/swift')],
    ['secret receipts', secret(courier, 'sf/receipts')],
    ['key plain', { ...plain, policy: delegated }],
  ]
}

function keyName(stack: string, id: string): string {
  if (stack === 'Gateway') return 'key signing'
  return id.startsWith('HopKey') ? 'key hop' : 'key custody'
}

/** `FunctionintakeLog01234567` → `intake`; what is no function’s is told apart by its stack. */
function logName(stack: string, id: string): string {
  const name = plainId(id).replace(/^Function(?=\w+Log$)|Log$/g, '')
  const ours: Readonly<Record<string, string>> = { Router: 'router', StationHelper: 'helper' }
  return ours[name] ?? (/^[a-z]/.test(name) ? name : `${stack} ${name}`)
}

/** What is allowed to others is a policy of the function: an account stands for those in it. */
function permissionsOf(template: Template, place: Place, arn: string): { policy?: Policy } {
  const statements = Object.values(template.Resources).flatMap(({ Type, Properties = {} }) => {
    if (Type !== 'AWS::Lambda::Permission') return []
    const name = String(resolve(template, place, Properties.FunctionName)).replace(/.*:/, '')
    if (!arn.endsWith(`:${name}`)) return []
    const principal = String(resolve(template, place, Properties.Principal))
    const AWS = /^\d{12}$/.test(principal)
      ? `arn:${place.partition}:iam::${principal}:root`
      : principal
    const Principal =
      principal === '*' ? '*' : /^arn|^\d/.test(principal) ? { AWS } : { Service: principal }
    return [{ Effect: 'Allow', Principal, Action: [String(Properties.Action)], Resource: [arn] }]
  })
  return statements.length === 0 ? {} : { policy: policy(...statements) }
}

function tagsOf(tags: unknown): Record<string, string> {
  return Object.fromEntries(
    listOf(tags).map(tag => [String(memberOf(tag, 'Key')), String(memberOf(tag, 'Value'))]),
  )
}

/** What AWS's managed policies allow: the one that is used, and whatever else is too much. */
function managedPolicy(arn: string): Policy {
  if (!arn.endsWith('/AmazonAPIGatewayPushToCloudWatchLogs')) return everything
  const Action = [
    'logs:Create*',
    'logs:Describe*',
    'logs:PutLogEvents',
    'logs:GetLogEvents',
    'logs:FilterLogEvents',
  ]
  return policy({ Effect: 'Allow', Action, Resource: ['*'] })
}

function asPolicy(document: unknown): Policy {
  const Statement = listOf(memberOf(document, 'Statement'))
  return { Version: '2012-10-17', Statement }
}
