import { createPrivateKey, type KeyObject } from 'node:crypto'
import { type Control, signControl, verifyControl } from '../custody/control.ts'
import { pinOf, type SigningKey, signingKey } from '../seal/index.ts'
import { readText } from './files.ts'
import { UsageError } from './partners.ts'

/** Whose router is told, and by which key. */
export interface ControlOptions {
  readonly courier: string
  /** File of the courier's private control key: a JWK or PEM. */
  readonly key: string
  /** Name of the router; default that of the stacks. */
  readonly router?: string
}

/**
 * Prints a control statement as the router's function is invoked with it: `{"control":"…"}`. It counts
 * for five minutes from now.
 *
 * @throws {UsageError} for a file that holds no private P-256 or Ed25519 key
 * @throws {GatewayError} `VALUE_INVALID` at the member that no router takes
 */
export function control(statement: Control, options: ControlOptions): number {
  const { courier, router = `lasthop-${courier}-router` } = options
  const key = signingKeyIn(options.key)
  const to = { aud: router, courier, now: new Date() }
  const signed = signControl(statement, to, key)
  // What the router would refuse is refused here.
  verifyControl(signed, { ...to, controlKeys: [pinOf(key)] })
  console.log(JSON.stringify({ control: signed }))
  return 0
}

function signingKeyIn(file: string): SigningKey {
  const text = readText(file)
  try {
    return signingKey(privateKeyOf(text))
  } catch {
    throw new UsageError(`${file} is no private key: P-256 or Ed25519, as JWK or PEM`)
  }
}

function privateKeyOf(text: string): KeyObject {
  if (!text.trimStart().startsWith('{')) return createPrivateKey(text)
  return createPrivateKey({ key: JSON.parse(text), format: 'jwk' })
}
