import { createHash } from 'node:crypto'
import { GatewayError, type GatewayErrorCode } from '../model/errors.ts'

/** Bytes as base64url without padding. */
export function toBase64url(bytes: Uint8Array): string {
  return view(bytes).toString('base64url')
}

/**
 * The bytes of a base64url text, strictly: no padding, no foreign character, no loose bits at the
 * end. Each byte string has exactly one text, so a text can be compared and signed.
 *
 * @throws {GatewayError} with the given code and pointer for any other text, or another length.
 */
export function fromBase64url(
  text: unknown,
  fault: { code: GatewayErrorCode; at: string },
  length?: number,
): Buffer {
  if (typeof text !== 'string') throw new GatewayError(fault.code, fault.at)
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.toString('base64url') !== text || (length ?? bytes.length) !== bytes.length) {
    throw new GatewayError(fault.code, fault.at)
  }
  return bytes
}

/** SHA-256 over the parts one after the other, as base64url (43 characters). */
export function sha256(...parts: readonly (Uint8Array | string)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('base64url')
}

function view(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
