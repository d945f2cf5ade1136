import { createDecipheriv } from 'node:crypto'
import { GatewayError } from '../model/errors.ts'
import { checkPersonal, type Personal, type Sealed } from '../model/validate.ts'
import { type Binding, type Envelope, parseSeal } from './envelope.ts'

const CONTENT_KEY_LENGTH = 32

/**
 * Opens a seal with its unwrapped content key. The seal must be the one asked for: its protected
 * header names this order, courier, group and revision.
 *
 * @throws {GatewayError} `SEAL_INVALID` for a seal that is malformed, not the one asked for, or whose
 *   key is not 32 bytes; `SEAL_TAMPERED` where key, header and ciphertext do not belong together;
 *   `VALUE_INVALID` where the text is no personal.json document.
 * @see design sections 5 and 6.4
 */
export function openSealed(sealed: Sealed, contentKey: Uint8Array, expected: Binding): Personal {
  const envelope = parseSeal(sealed)
  for (const member of ['order', 'courier', 'group', 'rev'] as const) {
    if (envelope[member] !== expected[member]) {
      throw new GatewayError('SEAL_INVALID', `/protected/${member}`)
    }
  }
  if (contentKey.length !== CONTENT_KEY_LENGTH) {
    throw new GatewayError('SEAL_INVALID', '/encrypted_key')
  }
  return readPersonal(decrypt(envelope, Buffer.from(sealed.protected, 'latin1'), contentKey))
}

function decrypt(envelope: Envelope, aad: Buffer, contentKey: Uint8Array): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', contentKey, envelope.iv, { authTagLength: 16 })
  decipher.setAAD(aad)
  decipher.setAuthTag(envelope.tag)
  const text = decipher.update(envelope.ciphertext)
  try {
    decipher.final()
  } catch (cause) {
    throw new GatewayError('SEAL_TAMPERED', '', { cause })
  }
  return text
}

function readPersonal(text: Buffer): Personal {
  const document = parseText(text)
  return checkPersonal(document)
}

/** No cause is kept here: the error of a JSON parser quotes what it read. */
function parseText(text: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(text))
  } catch {
    throw new GatewayError('VALUE_INVALID')
  }
}
