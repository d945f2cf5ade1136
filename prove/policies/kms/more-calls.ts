import { randomBytes, verify } from 'node:crypto'
import * as sdk from '@aws-sdk/client-kms'
import {
  call,
  der,
  EncryptionContext,
  OAEP,
  Plaintext,
  type Script,
  text,
  UNKNOWN,
} from './script.ts'

/** Signatures, checked outside KMS too. */
export async function signAndVerify(script: Script): Promise<void> {
  const { kms } = script.backend
  const { ecc: KeyId = '', rsa, symmetric } = script.keys
  const SigningAlgorithm = 'ECDSA_SHA_256'
  const { PublicKey = new Uint8Array() } = await kms.send(new sdk.GetPublicKeyCommand({ KeyId }))
  const sign = (name: string, more: Partial<sdk.SignCommandInput>) =>
    call(
      script,
      `sign ${name}`,
      kms.send(new sdk.SignCommand({ KeyId, Message: Plaintext, SigningAlgorithm, ...more })),
      it => verify('sha256', Plaintext, der(PublicKey), Buffer.from(it.Signature ?? [])),
    )
  const Signature = (await sign('with ecc', {}))?.Signature
  await sign('with another algorithm', { SigningAlgorithm: 'RSASSA_PSS_SHA_256' })
  await sign('with a symmetric key', { KeyId: symmetric })
  await sign('with an encryption key', { KeyId: rsa, SigningAlgorithm: 'RSASSA_PSS_SHA_256' })
  await sign('with an unknown key', { KeyId: UNKNOWN })
  await sign('4097 bytes', { Message: randomBytes(4097) })
  await sign('dry', { DryRun: true })
  const check = (name: string, more: Partial<sdk.VerifyCommandInput>) =>
    call(
      script,
      `verify ${name}`,
      kms.send(
        new sdk.VerifyCommand({ KeyId, Message: Plaintext, Signature, SigningAlgorithm, ...more }),
      ),
      it => it.SignatureValid,
    )
  await check('with ecc', {})
  await check('another message', { Message: Buffer.from('another') })
  await check('garbage', { Signature: randomBytes(70) })
  await check('with a symmetric key', { KeyId: symmetric })
}

/** Message authentication codes. */
export async function useMacs(script: Script): Promise<void> {
  const { kms } = script.backend
  const { hmac: KeyId, symmetric } = script.keys
  const MacAlgorithm = 'HMAC_SHA_256'
  const input = { KeyId, Message: Plaintext, MacAlgorithm } as const
  const made = await call(
    script,
    'make a MAC',
    kms.send(new sdk.GenerateMacCommand(input)),
    it => it.Mac?.length,
  )
  const wrong = { ...input, KeyId: symmetric }
  await call(script, 'make a MAC, wrong key', kms.send(new sdk.GenerateMacCommand(wrong)))
  const check = (name: string, more: Partial<sdk.VerifyMacCommandInput>) =>
    call(
      script,
      `check a MAC${name}`,
      kms.send(new sdk.VerifyMacCommand({ ...input, Mac: made?.Mac, ...more })),
      it => it.MacValid,
    )
  await check('', {})
  await check(', another message', { Message: Buffer.from('another') })
  await check(', cut', { Mac: made?.Mac?.slice(1) })
}

/** Names for keys. */
export async function useAliases(script: Script, CiphertextBlob: Uint8Array): Promise<void> {
  const { kms } = script.backend
  const { symmetric: TargetKeyId, second } = script.keys
  const create = (name: string, AliasName: string, key = TargetKeyId) =>
    call(
      script,
      `alias ${name}`,
      kms.send(new sdk.CreateAliasCommand({ AliasName, TargetKeyId: key })),
    )
  await create('for a key', 'alias/hop')
  await create('taken', 'alias/hop', second)
  await create('without its prefix', 'hop')
  await create('of AWS', 'alias/aws/hop')
  await create('for an unknown key', 'alias/other', UNKNOWN)
  const open = { CiphertextBlob, EncryptionContext, KeyId: 'alias/hop' }
  await call(script, 'decrypt by alias', kms.send(new sdk.DecryptCommand(open)), it =>
    text(it.Plaintext),
  )
}

/** New material: what was encrypted before still opens. */
export async function rotate(script: Script, CiphertextBlob: Uint8Array): Promise<void> {
  const { kms } = script.backend
  const { symmetric: KeyId, rsa } = script.keys
  const enable = (name: string, key: string | undefined) =>
    call(script, `rotation of ${name}`, kms.send(new sdk.EnableKeyRotationCommand({ KeyId: key })))
  await enable('symmetric', KeyId)
  await enable('rsa', rsa)
  await enable('unknown', UNKNOWN)
  await call(script, 'rotate now', kms.send(new sdk.RotateKeyOnDemandCommand({ KeyId })))
  await call(
    script,
    'decrypt after rotation',
    kms.send(new sdk.DecryptCommand({ CiphertextBlob, EncryptionContext })),
    it => text(it.Plaintext),
  )
}

/** Keys that are disabled, then one that is to be deleted. */
export async function loseKeys(
  script: Script,
  blob: Uint8Array,
  sealed: Uint8Array,
): Promise<void> {
  const { kms, disable, doom } = script.backend
  const { symmetric: KeyId = '', second = '', rsa = '', ecc = '' } = script.keys
  for (const key of [KeyId, rsa, ecc]) await disable(key)
  const tries = (when: string, key: string) => ({
    [`encrypt, ${when}`]: () => kms.send(new sdk.EncryptCommand({ KeyId: key, Plaintext })),
    [`re-encrypt to, ${when}`]: () =>
      kms.send(
        new sdk.ReEncryptCommand({
          ...{ CiphertextBlob: blob, SourceEncryptionContext: EncryptionContext },
          DestinationKeyId: key,
        }),
      ),
  })
  const open = { CiphertextBlob: blob, EncryptionContext }
  const sign = { KeyId: ecc, Message: Plaintext, SigningAlgorithm: 'ECDSA_SHA_256' } as const
  const rewrap = {
    CiphertextBlob: sealed,
    SourceKeyId: rsa,
    SourceEncryptionAlgorithm: OAEP,
  } as const
  const all: Record<string, () => Promise<object>> = {
    ...tries('disabled', KeyId),
    'decrypt, disabled': () => kms.send(new sdk.DecryptCommand(open)),
    'decrypt, disabled, wrong context': () =>
      kms.send(new sdk.DecryptCommand({ ...open, EncryptionContext: {} })),
    'sign, disabled': () => kms.send(new sdk.SignCommand(sign)),
    'public key, disabled': () => kms.send(new sdk.GetPublicKeyCommand({ KeyId: rsa })),
    'describe, disabled': () => kms.send(new sdk.DescribeKeyCommand({ KeyId })),
    're-encrypt from, disabled': () =>
      kms.send(new sdk.ReEncryptCommand({ ...rewrap, DestinationKeyId: second })),
    'rotation, disabled': () => kms.send(new sdk.EnableKeyRotationCommand({ KeyId })),
  }
  for (const [name, send] of Object.entries(all)) await call(script, name, send())
  await doom(second)
  for (const [name, send] of Object.entries(tries('to be deleted', second)))
    await call(script, name, send())
}
