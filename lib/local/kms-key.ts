import { randomUUID } from 'node:crypto'
import { authorize, type Call, type Context } from './aws-call.ts'
import { AwsError } from './aws-error.ts'
import type { AwsState } from './aws-state.ts'
import { type EncryptionContext, type KmsKey, keySpecs, makeMaterial } from './kms-crypto.ts'
import { accountOf, loadPolicy } from './policy.ts'

/** A parameter that is missing or has the wrong form. */
export const invalid = (text: string) => new AwsError('ValidationException', text)

/** What real KMS could do and this one does not. */
export const unsupported = (text: string) => new AwsError('UnsupportedOperationException', text)

/** A text parameter. With `otherwise` it may be absent. */
export function text({ input }: Call, name: string, otherwise?: string): string {
  const value = input[name] ?? otherwise
  if (typeof value !== 'string') throw invalid(`${name} must be given, as text`)
  return value
}

/** A parameter of 1 to `most` bytes, base64 on the wire. */
export function bytes(call: Call, name: string, most = 4096): Buffer {
  const value = Buffer.from(text(call, name), 'base64')
  if (value.length < 1 || value.length > most) throw invalid(`${name} must have 1 to ${most} bytes`)
  return value
}

/** How a key is to be used: the algorithm, the context, and what conditions see of both. */
export interface Use {
  algorithm: string
  context: EncryptionContext
  facts: Context
}

/**
 * Algorithm and context of an encryption; ReEncrypt has two, whose parameters begin with `Source` and `Destination`.
 * Conditions see the algorithm, also by default (documented). An empty context name is refused (assumed).
 */
export function readUse(call: Call, prefix = ''): Use {
  const algorithm = text(call, `${prefix}EncryptionAlgorithm`, 'SYMMETRIC_DEFAULT')
  const pairs = Object.entries(call.input[`${prefix}EncryptionContext`] ?? {})
  if (!pairs.every(([name, value]) => name !== '' && typeof value === 'string'))
    throw invalid(`${prefix}EncryptionContext must be pairs of text`)
  const facts: Context = { 'kms:EncryptionAlgorithm': algorithm }
  facts['kms:EncryptionContextKeys'] = pairs.map(([name]) => name)
  for (const [name, value] of pairs) facts[`kms:EncryptionContext:${name}`] = value
  return { algorithm, context: Object.fromEntries(pairs), facts }
}

/** The ARN of something of the caller's account: `key/…`, `alias/…`. */
export const arnHere = ({ region, caller }: Call, name: string): string =>
  `arn:aws:kms:${region}:${accountOf(caller.principal.arn)}:${name}`

/**
 * A key by id, key ARN, alias name or alias ARN.
 *
 * @throws {AwsError} `NotFoundException`.
 */
export function findKey(call: Call, name = text(call, 'KeyId')): KmsKey {
  const { keys, aliases } = call.state
  const local = arnHere(call, name.startsWith('alias/') ? name : `key/${name}`)
  const arn = name.startsWith('arn:') ? name : local
  const key = keys[aliases[arn]?.key ?? arn]
  if (key === undefined) throw new AwsError('NotFoundException', `Key '${arn}' does not exist`)
  call.touched.push(key.arn)
  return key
}

/** Asks the key's policy for `kms:<action>`. */
export const allow = (call: Call, action: string, key: KmsKey, context: Context = {}): void =>
  authorize(call, `kms:${action}`, key.arn, context, { kind: 'key', policy: key.policy })

/**
 * A key that is disabled or waits for its deletion neither works nor rotates.
 *
 * @throws {AwsError} `DisabledException`, `KMSInvalidStateException`.
 */
export function requireEnabled(key: KmsKey): void {
  if (key.state === 'Disabled') throw new AwsError('DisabledException', `${key.arn} is disabled.`)
  if (key.state !== 'Enabled')
    throw new AwsError('KMSInvalidStateException', `${key.arn} is pending deletion.`)
}

/**
 * Before keys are used: the policies of all, by action, then (order assumed) state and kind, then `DryRun`; all before
 * any secret is touched.
 *
 * @throws {AwsError} `AccessDeniedException`, `DisabledException`, `KMSInvalidStateException`,
 *   `InvalidKeyUsageException`, `ValidationException` for a context beside an asymmetric algorithm,
 *   `DryRunOperationException`.
 */
export function admit(call: Call, uses: Record<string, Partial<Use> & { key: KmsKey }>): void {
  for (const [action, { key, facts }] of Object.entries(uses)) allow(call, action, key, facts)
  for (const [action, { key, algorithm = '', context = {} }] of Object.entries(uses)) {
    requireEnabled(key)
    const spec = keySpecs.get(key.spec)
    if (!spec?.actions.test(action) || !spec.algorithms.includes(algorithm))
      throw new AwsError('InvalidKeyUsageException', `${algorithm} does not fit ${key.arn}`)
    if (algorithm !== 'SYMMETRIC_DEFAULT' && Object.keys(context).length > 0)
      throw invalid('an encryption context is for symmetric keys only')
  }
  const text = 'The request would have succeeded, but the DryRun option is set.'
  if (call.input.DryRun === true) throw new AwsError('DryRunOperationException', text)
}

/** A new key: `account` owns it; without `policy` (JSON text) the account's identity policies decide. */
export interface NewKey {
  account: string
  /** Of a key that is to stand for one made elsewhere; default a new one. */
  id?: string
  spec: string
  policy?: string | undefined
  description?: string
}

/**
 * Makes and keeps a key: for set-up, and behind `CreateKey`.
 *
 * @throws {AwsError} `MalformedPolicyDocumentException`, `UnsupportedOperationException` for an unknown spec.
 */
export async function makeKey(
  state: AwsState,
  region: string,
  now: number,
  from: NewKey,
): Promise<KmsKey> {
  const { account, spec, description = '' } = from
  if (!keySpecs.has(spec)) throw unsupported(`key spec ${spec}`)
  const root = { AWS: `arn:aws:iam::${account}:root` }
  const delegate = { Effect: 'Allow', Principal: root, Action: 'kms:*', Resource: '*' }
  const policy = from.policy ?? JSON.stringify({ Version: '2012-10-17', Statement: delegate })
  loadPolicy('key', policy)
  const id = from.id ?? randomUUID()
  const arn = `arn:aws:kms:${region}:${account}:key/${id}`
  const materials = [await makeMaterial(spec)]
  const made = { id, arn, spec, description, created: now, policy, rotates: false, materials }
  const key: KmsKey = { ...made, state: 'Enabled' }
  state.keys[arn] = key
  return key
}
