import { constants, createPublicKey, publicEncrypt } from 'node:crypto'
import {
  DecryptCommand,
  EncryptCommand,
  type KMSClient,
  ReEncryptCommand,
  type ReEncryptCommandInput,
} from '@aws-sdk/client-kms'
import type { Account, Context } from './account.ts'
import type { Check } from './check.ts'

/** A key that seals nothing, and the context that it is re-wrapped under. */
export interface Trial {
  readonly contentKey: Uint8Array
  readonly context: Context
}

/** What the router may do, and may not. `keep` gets the capsule of the one key that is really re-wrapped. */
export function routerChecks(
  kms: KMSClient,
  account: Account,
  trial: Trial,
  keep: (capsule: Uint8Array) => void,
): readonly Check[] {
  const { context } = trial
  const wrap = wrapper(kms, account, trial)
  const real = async () => {
    const { CiphertextBlob } = await wrap(context, { DryRun: false })
    if (CiphertextBlob === undefined) throw new Error('no capsule')
    keep(CiphertextBlob)
  }
  return [
    { about: 're-wraps from RSA to the hop key', wanted: 'allowed', call: real },
    { about: 'the same by DryRun', wanted: 'allowed', call: () => wrap(context) },
    ...wrongContexts(context).map(
      ([about, wrong]): Check => ({ about, wanted: 'denied', call: () => wrap(wrong) }),
    ),
    ...otherWays(kms, account, trial),
  ]
}

/** What the conditions of the hop key must see. */
function wrongContexts(context: Context): readonly (readonly [about: string, context: Context])[] {
  const { hop = '', ...noHop } = context
  const { order: _, ...noOrder } = context
  return [
    ['a name missing', noOrder],
    ['Hop for hop', { ...noHop, Hop: hop }],
    ['an eighth name', { ...context, note: 'x' }],
    ['no context', {}],
    ['another courier', { ...context, courier: `${context.courier}x` }],
    ['an empty hop', { ...context, hop: '' }],
  ]
}

/** What no condition, but the algorithm, a key or an action must stop. */
function otherWays(kms: KMSClient, account: Account, trial: Trial): readonly Check[] {
  const { custodyKey, hopKey } = account
  const wrap = wrapper(kms, account, trial)
  const bySha1: Partial<ReEncryptCommandInput> = {
    CiphertextBlob: wrapTo(account, trial.contentKey, 'sha1'),
    SourceEncryptionAlgorithm: 'RSAES_OAEP_SHA_1',
  }
  const toRsa: Partial<ReEncryptCommandInput> = {
    DestinationKeyId: custodyKey,
    DestinationEncryptionAlgorithm: 'RSAES_OAEP_SHA_256',
  }
  const decrypt = new DecryptCommand({
    KeyId: custodyKey,
    CiphertextBlob: wrapTo(account, trial.contentKey, 'sha256'),
    EncryptionAlgorithm: 'RSAES_OAEP_SHA_256',
    DryRun: true,
  })
  const encrypt = new EncryptCommand({ KeyId: hopKey, Plaintext: trial.contentKey, DryRun: true })
  const calls: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['sealed by RSAES_OAEP_SHA_1', () => wrap(trial.context, bySha1)],
    ['to the custody key', () => wrap({}, toRsa)],
    ['decrypts with the custody key', () => kms.send(decrypt)],
    ['encrypts with the hop key', () => kms.send(encrypt)],
  ]
  return calls.map(([about, call]) => ({ about, wanted: 'denied', call }))
}

function wrapper(kms: KMSClient, account: Account, { contentKey }: Trial) {
  return (context: Context, more: Partial<ReEncryptCommandInput> = {}) =>
    kms.send(
      new ReEncryptCommand({
        CiphertextBlob: wrapTo(account, contentKey, 'sha256'),
        SourceKeyId: account.custodyKey,
        SourceEncryptionAlgorithm: 'RSAES_OAEP_SHA_256',
        DestinationKeyId: account.hopKey,
        DestinationEncryptionContext: { ...context },
        DryRun: true,
        ...more,
      }),
    )
}

function wrapTo({ jwk }: Account, contentKey: Uint8Array, oaepHash: string): Uint8Array {
  const key = createPublicKey({ key: { ...jwk }, format: 'jwk' })
  return publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, contentKey)
}
