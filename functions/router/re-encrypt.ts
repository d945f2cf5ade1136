import { type KMSClient, ReEncryptCommand } from '@aws-sdk/client-kms'
import type { ReEncrypt } from '../../lib/custody/router-ports.ts'
import { GatewayError } from '../../lib/model/errors.ts'

/** KMS says no, rather than that it is busy. */
const REFUSALS = [
  'AccessDeniedException',
  'DisabledException',
  'IncorrectKeyException',
  'InvalidCiphertextException',
  'InvalidKeyUsageException',
  'KMSInvalidStateException',
  'NotFoundException',
]

/**
 * KMS ReEncrypt over the official client: the content key leaves KMS wrapped to the hop, and nobody
 * sees it in between.
 *
 * @throws {GatewayError} `RELEASE_REFUSED` at `/kms` when KMS refuses, `STORE_AWAY` when it is busy.
 */
export function reEncryptBy(client: KMSClient): ReEncrypt {
  return async ({ wrappedKey, custodyKeyArn, hopKeyArn, context }) => {
    const command = new ReEncryptCommand({
      CiphertextBlob: wrappedKey,
      SourceKeyId: custodyKeyArn,
      SourceEncryptionAlgorithm: 'RSAES_OAEP_SHA_256',
      DestinationKeyId: hopKeyArn,
      DestinationEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      DestinationEncryptionContext: { ...context },
    })
    const reply = await client.send(command).catch(refuse)
    const { CiphertextBlob, SourceKeyId = '', KeyId = '' } = reply
    if (CiphertextBlob === undefined) throw new GatewayError('RELEASE_REFUSED', '/kms')
    return { ciphertext: CiphertextBlob, custodyKeyArn: SourceKeyId, hopKeyArn: KeyId }
  }
}

function refuse(cause: unknown): never {
  if (cause instanceof Error && REFUSALS.includes(cause.name)) {
    throw new GatewayError('RELEASE_REFUSED', '/kms', { cause })
  }
  throw new GatewayError('STORE_AWAY', '/kms', { retry: 'later', cause })
}
