import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import { thumbprint } from '../seal/keys.ts'
import { UsageError } from './partners.ts'

/** A public key, its RFC 7638 thumbprint and, when it comes from KMS, its ARN: never an alias. */
export interface FoundKey {
  readonly kid: string
  readonly jwk: JsonWebKey
  readonly arn?: string
}

/** Where a KMS is: `region` may also come from the key's ARN or the environment. */
export interface KmsPlace {
  readonly endpoint?: string
  readonly region?: string
}

/**
 * The public key in a file: a JWK, PEM, or DER as `aws kms get-public-key` gives it.
 *
 * @throws {UsageError} for a private key, or no key at all
 */
export function publicKeyIn(file: string): FoundKey {
  const bytes = bytesIn(file)
  const text = bytes.toString('latin1')
  const jwk = jwkOf(text)
  if (/PRIVATE KEY-/.test(text) || (jwk !== undefined && 'd' in jwk)) {
    throw new UsageError(`${file} is a private key; its public half is wanted`)
  }
  try {
    return found(keyOf(bytes, text, jwk))
  } catch {
    throw new UsageError(`${file} is no public key: JWK, PEM or DER`)
  }
}

/**
 * The public half of a key in KMS, over the official client with its default credentials.
 *
 * @throws the client's error: `AccessDeniedException`, `NotFoundException`, …
 */
export async function publicKeyInKms(KeyId: string, place: KmsPlace): Promise<FoundKey> {
  const client = kmsClient(place, KeyId)
  try {
    const { PublicKey, KeyId: arn = '' } = await client.send(new GetPublicKeyCommand({ KeyId }))
    const key = Buffer.from(PublicKey ?? [])
    return { ...found(createPublicKey({ key, format: 'der', type: 'spki' })), arn }
  } finally {
    client.destroy()
  }
}

/** A client for where a key is. */
export function kmsClient({ endpoint, region }: KmsPlace, keyArn: string): KMSClient {
  const near = region ?? (keyArn.startsWith('arn:') ? keyArn.split(':')[3] : undefined)
  return new KMSClient({
    maxAttempts: 2,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(near === undefined ? {} : { region: near }),
  })
}

function bytesIn(file: string): Buffer {
  try {
    return readFileSync(file === '-' ? 0 : file)
  } catch {
    throw new UsageError(`cannot read ${file === '-' ? 'standard input' : file}`)
  }
}

function jwkOf(text: string): JsonWebKey | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}

function keyOf(bytes: Buffer, text: string, jwk: JsonWebKey | undefined): KeyObject {
  if (jwk !== undefined) return createPublicKey({ key: jwk, format: 'jwk' })
  if (text.includes('-----BEGIN')) return createPublicKey(bytes)
  return createPublicKey({ key: bytes, format: 'der', type: 'spki' })
}

function found(key: KeyObject): FoundKey {
  return { kid: thumbprint(key), jwk: key.export({ format: 'jwk' }) }
}
