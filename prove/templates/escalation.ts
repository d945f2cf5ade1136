import { isCouriers } from './table.ts'

/** Actions by which who may do them comes to more rights than the own, by the kind of thing. */
const WAYS: Readonly<Record<string, readonly string[]>> = {
  role: [
    ...['iam:PassRole', 'iam:PutRolePolicy', 'iam:AttachRolePolicy', 'iam:DeleteRolePolicy'],
    ...['iam:DetachRolePolicy', 'iam:UpdateAssumeRolePolicy', 'iam:TagRole', 'iam:UpdateRole'],
    ...['iam:PutRolePermissionsBoundary', 'iam:DeleteRolePermissionsBoundary', 'iam:DeleteRole'],
    ...['sts:AssumeRole', 'sts:TagSession'],
  ],
  function: [
    ...['lambda:UpdateFunctionCode', 'lambda:UpdateFunctionConfiguration', 'lambda:AddPermission'],
    ...[
      'lambda:CreateFunction',
      'lambda:CreateFunctionUrlConfig',
      'lambda:PutFunctionEventInvokeConfig',
    ],
  ],
  key: ['kms:PutKeyPolicy', 'kms:CreateGrant', 'kms:ReplicateKey'],
  table: ['dynamodb:PutResourcePolicy', 'dynamodb:DeleteResourcePolicy'],
  secret: ['secretsmanager:PutResourcePolicy', 'secretsmanager:PutSecretValue'],
  provider: [
    ...['iam:AddClientIDToOpenIDConnectProvider', 'iam:UpdateOpenIDConnectProviderThumbprint'],
    'iam:DeleteOpenIDConnectProvider',
  ],
}

/** One step by which somebody could come to more. */
export interface Step {
  readonly action: string
  readonly on: string
}

/** Every step towards every thing. */
export function stepsOf(things: readonly string[]): Step[] {
  return things
    .filter(on => !on.startsWith('log ') && on !== 'key plain')
    .flatMap(on =>
      (WAYS[on.replace(/ .*/, '')] ?? WAYS.table ?? []).map(action => ({ action, on })),
    )
}

/** A path that stays open, and why. */
interface Stays {
  readonly who: string
  readonly action: RegExp
  readonly on: RegExp
  readonly because: string
}

const OWNER = /^(iam:(?!TagRole)|lambda:|dynamodb:|secretsmanager:)/
const KEYS = /^key (custody|hop)$/
const COURIERS_ROLES =
  /^(role (router|helper|station|stationLogger)|function (router|helper)|Custody|secret receipts|provider)$/
const GATEWAYS =
  /^(role (intake|exchange|custody|sweep|logger)|function (intake|exchange|custody|sweep)|Orders|Keys|Audit|secret (platform|bodies|courier|foreign))$/

/** What stays: the owners of the two accounts, whom no policy in their own account can bind. */
export const STAYS: readonly Stays[] = [
  {
    who: 'admin',
    action: /^(iam|lambda|dynamodb|secretsmanager):/,
    on: GATEWAYS,
    because:
      'The operator owns the gateway’s account. Nothing there opens a seal: no path leads on to a courier’s key, router or station.',
  },
  {
    who: 'admin',
    action: /^kms:PutKeyPolicy$/,
    on: /^key signing$/,
    because:
      'The account manages its signing key. It could certify keys of its own; the courier’s client and router see the seals that come of it.',
  },
  {
    who: 'keyAdmin',
    action: /^kms:PutKeyPolicy$/,
    on: KEYS,
    because:
      'Somebody must manage a key. It is one named person’s role of the courier, for whose customers the key is; alarms tell of each call.',
  },
  {
    who: 'deploy',
    action: /^kms:PutKeyPolicy$/,
    on: KEYS,
    because:
      'CloudFormation makes and changes the keys: whoever may deploy in the courier’s account may change who opens.',
  },
  {
    who: 'deploy',
    action: OWNER,
    on: COURIERS_ROLES,
    because:
      'CloudFormation makes roles, functions and the table of the courier’s account; it cannot tag the station role.',
  },
  {
    who: 'deploy',
    action: /^iam:TagRole$/,
    on: /^role (router|helper|stationLogger)$/,
    because: 'A tag on a role other than the station’s gives no right.',
  },
  {
    who: 'power',
    action: /^(iam|lambda|dynamodb|secretsmanager):/,
    on: COURIERS_ROLES,
    because:
      'Who controls the router’s account can have its router re-encrypt, which equals decryption: stated in the README. Not the key policies, though.',
  },
]

/** Who stays able to do something, given that both stacks may lie in one account. */
export function staysOpen(
  who: string,
  { action, on }: Step,
  oneAccount: boolean,
): Stays | undefined {
  const roles = oneAccount && /^(admin|power|deploy)$/.test(who) ? mixed(who, on) : [who]
  return STAYS.find(one => roles.includes(one.who) && one.action.test(action) && one.on.test(on))
}

/** In one account, who may do everything is the owner of both; deploy keeps its guard. */
function mixed(who: string, on: string): string[] {
  const owner = isCouriers(on) || /^(provider|role stationLogger)$/.test(on) ? 'power' : 'admin'
  return who === 'deploy' && owner === 'power' ? ['deploy'] : [who, owner]
}

/** Roles that somebody who may do a step acts as from then on. */
export function becomes({ action, on }: Step): string | undefined {
  if (/^role /.test(on) && !/TagRole|DeleteRole$|UpdateRole$|Boundary/.test(action))
    return on.slice(5)
  if (/^function /.test(on) && /UpdateFunction/.test(action)) return on.slice(9)
  return undefined
}
