import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import type { SecretSource } from './secrets.ts'

/**
 * Secrets in AWS Secrets Manager, one a partner: `lasthop/platforms/douyin` for the prefix `lasthop`. The client is the
 * caller's, with its time-outs and its credentials.
 */
export function secretsManagerSource(
  client: Pick<SecretsManagerClient, 'send'>,
  prefix: string,
): SecretSource {
  return async (side, partner) => {
    try {
      const SecretId = `${prefix}/${side}/${partner}`
      const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId }))
      return SecretString === undefined ? undefined : Buffer.from(SecretString)
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined
      throw error
    }
  }
}
