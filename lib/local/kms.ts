import { authorize, type Call, type Context, type Operations, type Work } from './aws-call.ts'
import { AwsError } from './aws-error.ts'
import { type KmsKey, keySpecs, makeMaterial, publicHalf } from './kms-crypto.ts'
import {
  allow,
  arnHere,
  findKey,
  invalid,
  makeKey,
  readUse,
  requireEnabled,
  text,
  unsupported,
} from './kms-key.ts'
import { kmsUses } from './kms-use.ts'
import { accountOf, loadPolicy } from './policy.ts'

/** A policy must leave its author able to change it (documented: "policy lockout safety check"). */
function checkPolicy(call: Call, arn: string): string {
  const policy = text(call, 'Policy')
  loadPolicy('key', policy)
  if (call.input.BypassPolicyLockoutSafetyCheck === true) return policy
  try {
    authorize(call, 'kms:PutKeyPolicy', arn, {}, { kind: 'key', policy })
    return policy
  } catch {
    const text = 'The new key policy will not allow you to update the key policy in the future.'
    throw new AwsError('MalformedPolicyDocumentException', text)
  }
}

async function createKey(call: Call) {
  authorize(call, 'kms:CreateKey', '*', {})
  const spec = text(call, 'KeySpec', text(call, 'CustomerMasterKeySpec', 'SYMMETRIC_DEFAULT'))
  const usage = keySpecs.get(spec)?.usage ?? 'of a kind that is served'
  if (text(call, 'KeyUsage', 'ENCRYPT_DECRYPT') !== usage)
    throw invalid(`KeyUsage must be ${usage}`)
  const policy = 'Policy' in call.input ? checkPolicy(call, arnHere(call, 'key/new')) : undefined
  const account = accountOf(call.caller.principal.arn)
  const from = { account, spec, policy, description: text(call, 'Description', '') }
  return describeKey(await makeKey(call.state, call.region, call.now, from))
}

function specFacts({ spec }: KmsKey) {
  const { usage = '', list = '', algorithms } = keySpecs.get(spec) ?? {}
  return { CustomerMasterKeySpec: spec, KeySpec: spec, KeyUsage: usage, [list]: algorithms }
}

function describeKey(key: KmsKey) {
  const { arn, id, state, description, created } = key
  const names = { AWSAccountId: accountOf(arn), KeyId: id, Arn: arn, Description: description }
  const states = { Enabled: state === 'Enabled', KeyState: state, CreationDate: created / 1000 }
  const fixed = { Origin: 'AWS_KMS', KeyManager: 'CUSTOMER', MultiRegion: false }
  return { KeyMetadata: { ...names, ...states, ...fixed, ...specFacts(key) } }
}

function getPublicKey(key: KmsKey) {
  if (!/^(RSA|ECC)_/.test(key.spec)) throw unsupported(`${key.arn} has no public key`)
  const der = publicHalf(key).export({ type: 'spki', format: 'der' })
  return { KeyId: key.arn, PublicKey: der.toString('base64'), ...specFacts(key) }
}

function createAlias(call: Call) {
  const arn = arnHere(call, text(call, 'AliasName'))
  const key = findKey(call, text(call, 'TargetKeyId'))
  if (!/:alias\/(?!aws\/)[\w/-]+$/.test(arn)) throw invalid('AliasName must begin with alias/')
  authorize(call, 'kms:CreateAlias', arn, {})
  allow(call, 'CreateAlias', key)
  if (arn in call.state.aliases) throw new AwsError('AlreadyExistsException', `${arn} exists`)
  call.state.aliases[arn] = { key: key.arn, created: call.now / 1000 }
  return {}
}

function listAliases(call: Call) {
  authorize(call, 'kms:ListAliases', '*', {})
  const here = arnHere(call, '')
  const only = 'KeyId' in call.input ? findKey(call).arn : undefined
  const mine = Object.entries(call.state.aliases).filter(([arn]) => arn.startsWith(here))
  const shown = mine.filter(([, { key }]) => (only ?? key) === key)
  const aliases = shown.map(([arn, { key, created }]) => {
    const names = { AliasName: arn.slice(here.length), AliasArn: arn }
    return { ...names, TargetKeyId: key.split('/')[1], CreationDate: created }
  })
  return { Aliases: aliases, Truncated: false }
}

async function rotate(key: KmsKey, now: boolean) {
  if (key.spec !== 'SYMMETRIC_DEFAULT') throw unsupported('only symmetric keys rotate')
  requireEnabled(key)
  if (now) key.materials.push(await makeMaterial(key.spec))
  else key.rotates = true
  return { KeyId: key.arn }
}

function putKeyPolicy(key: KmsKey, call: Call) {
  key.policy = checkPolicy(call, key.arn)
  return {}
}

type Management = (key: KmsKey, call: Call) => object | Promise<object>

/** Asked for so that its refusal can be seen; what policy allows is not served here. */
const notServed: Management = () => Promise.reject(unsupported('not served here'))

/** Calls that manage one key: `kms:<name>` is asked of the key's policy first. */
const management: Record<string, Management> = {
  DescribeKey: describeKey,
  GetPublicKey: getPublicKey,
  GetKeyPolicy: key => ({ Policy: key.policy, PolicyName: 'default' }),
  PutKeyPolicy: putKeyPolicy,
  EnableKeyRotation: key => rotate(key, false),
  RotateKeyOnDemand: key => rotate(key, true),
  CreateGrant: notServed,
  ReplicateKey: notServed,
  GenerateDataKey: notServed,
  ScheduleKeyDeletion: notServed,
}

const manage = (action: string, work: Management) => (call: Call) => {
  const key = findKey(call)
  const grant: Context = action === 'CreateGrant' ? { 'kms:GrantIsForAWSResource': 'false' } : {}
  allow(call, action, key, action === 'GenerateDataKey' ? readUse(call).facts : grant)
  return work(key, call)
}

const operations: Operations = {
  ...kmsUses,
  CreateKey: createKey,
  CreateAlias: createAlias,
  ListAliases: listAliases,
  ...Object.fromEntries(
    Object.entries(management).map(([name, work]) => [name, manage(name, work)]),
  ),
}

// What these ask for must not be passed over in silence.
const odd = ['GrantTokens', 'Recipient', 'Tags', 'MultiRegion', 'CustomKeyStoreId', 'XksKeyId']

const strict = (work: Work) => (call: Call) => {
  const asked = odd.find(name => Boolean(call.input[name]))
  if (asked !== undefined) throw unsupported(`${asked} is not served here`)
  return work(call)
}

/** The operations of KMS that are served, by name. */
export const kmsOperations: Operations = Object.fromEntries(
  Object.entries(operations).map(([name, work]) => [name, strict(work)]),
)
