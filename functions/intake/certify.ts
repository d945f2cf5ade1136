import { createPublicKey } from 'node:crypto'
import { GetPublicKeyCommand, type KMSClient, SignCommand } from '@aws-sdk/client-kms'
import { type CertificateSigner, derToRaw, thumbprint } from '../../lib/seal/index.ts'

/**
 * The gateway's signing key in KMS, which certifies intake's ephemeral key: one `kms:Sign` for each
 * execution environment and hour.
 *
 * @param kid RFC 7638 thumbprint of the key's public half, from configuration
 */
export function certifyByKms(client: KMSClient, KeyId: string, kid: string): CertificateSigner {
  return {
    kid,
    async sign(Message) {
      const { Signature } = await client.send(
        new SignCommand({
          KeyId,
          Message,
          MessageType: 'RAW',
          SigningAlgorithm: 'ECDSA_SHA_256',
        }),
      )
      return derToRaw(Signature ?? new Uint8Array())
    },
  }
}

/** The public half of a KMS key, to be pinned: its JWK and RFC 7638 thumbprint. */
export async function readPublicKey(client: KMSClient, KeyId: string) {
  const { PublicKey } = await client.send(new GetPublicKeyCommand({ KeyId }))
  const key = createPublicKey({
    key: Buffer.from(PublicKey ?? []),
    format: 'der',
    type: 'spki',
  })
  return { jwk: key.export({ format: 'jwk' }), kid: thumbprint(key) }
}
