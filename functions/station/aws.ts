import { DecryptCommand, KMSClient, type KMSClientConfig } from '@aws-sdk/client-kms'
import {
  AssumeRoleWithWebIdentityCommand,
  STSClient,
  type STSClientConfig,
} from '@aws-sdk/client-sts'
import { GatewayError } from '../../lib/model/errors.ts'
import type { StationPorts } from './open-at-hop.ts'

const SESSION_SECONDS = 900

/**
 * Station sign-in at STS over the official client. The call carries the key token and is not signed: it
 * needs no rights of whoever makes it.
 *
 * @throws {GatewayError} `RELEASE_REFUSED` when STS refuses the token, `STORE_AWAY` when it is busy.
 */
export function assumeBy(roleArn: string, config: STSClientConfig): StationPorts['assume'] {
  const client = new STSClient(config)
  return async (WebIdentityToken, hop) => {
    const command = new AssumeRoleWithWebIdentityCommand({
      RoleArn: roleArn,
      RoleSessionName: hop.slice(0, 64).padEnd(2, '-'),
      DurationSeconds: SESSION_SECONDS,
      WebIdentityToken,
    })
    const { Credentials } = await client.send(command).catch(refuse)
    const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials ?? {}
    if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined) {
      throw new GatewayError('RELEASE_REFUSED', '/sts')
    }
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
    }
  }
}

/**
 * KMS Decrypt over the official client, with the credentials of the hop's own session.
 *
 * @throws {GatewayError} `RELEASE_REFUSED` when KMS refuses, `STORE_AWAY` when it is busy.
 */
export function decryptBy(config: KMSClientConfig): StationPorts['decrypt'] {
  return async (credentials, { ciphertext, keyArn, context }) => {
    const client = new KMSClient({ ...config, credentials })
    const command = new DecryptCommand({
      KeyId: keyArn,
      CiphertextBlob: ciphertext,
      EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      EncryptionContext: { ...context },
    })
    try {
      const { Plaintext } = await client.send(command).catch(refuse)
      if (Plaintext === undefined) throw new GatewayError('RELEASE_REFUSED', '/kms')
      return Plaintext
    } finally {
      client.destroy()
    }
  }
}

/** A client's fault is a refusal; whatever may pass by itself is tried again. */
function refuse(cause: unknown): never {
  const fault = cause instanceof Error && '$fault' in cause ? cause.$fault : 'server'
  const isBusy = cause instanceof Error && /Throttl|LimitExceeded|Timeout/.test(cause.name)
  if (fault === 'client' && !isBusy) throw new GatewayError('RELEASE_REFUSED', '/aws', { cause })
  throw new GatewayError('STORE_AWAY', '/aws', { retry: 'later', cause })
}
