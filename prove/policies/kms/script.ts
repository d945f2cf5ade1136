import { createPublicKey } from 'node:crypto'
import type { KMSClient } from '@aws-sdk/client-kms'

/** What the calls encrypt, sign and compare. */
export const Plaintext = Buffer.from('thirty-two bytes of content key.')
/** The context that they encrypt under. */
export const EncryptionContext = { hop: 'H1', day: '2026-11-24' }
export const OAEP = 'RSAES_OAEP_SHA_256'
/** A key that nobody has. */
export const UNKNOWN = '00000000-1111-4222-8333-444444444444'
export const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString()

/** A public key as KMS answers it. */
export const der = (bytes: Uint8Array) =>
  createPublicKey({ key: Buffer.from(bytes), format: 'der', type: 'spki' })

/** A KMS to send the calls to. `disable` and `doom` do what is no part of the comparison. */
export interface Backend {
  readonly kms: KMSClient
  disable(keyArn: string): Promise<void>
  /** Schedules the key's deletion. */
  doom(keyArn: string): Promise<void>
  stop(): Promise<void>
}

/** One run of the list of calls: the keys made so far by name, and what came of each call. */
export interface Script {
  readonly backend: Backend
  readonly keys: Record<string, string>
  readonly outcomes: Map<string, string>
}

/**
 * Sends one call and writes down what came of it: `ok`, `ok, and what show says`, or the error's code.
 */
export async function call<T>(
  { outcomes }: Script,
  name: string,
  answer: Promise<T>,
  show: (answer: T) => unknown = () => '',
): Promise<T | undefined> {
  if (outcomes.has(name)) throw new Error(`two calls named ${name}`)
  try {
    const given = await answer
    const shown = String(show(given))
    outcomes.set(name, shown === '' ? 'ok' : `ok, ${shown}`)
    return given
  } catch (error) {
    outcomes.set(name, error instanceof Error ? error.name : 'no error')
    return undefined
  }
}
