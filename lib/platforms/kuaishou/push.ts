import { createDecipheriv } from 'node:crypto'
import { readJsonText, readText } from '../../access/strict.ts'
import type { PlatformCredential } from '../platform.ts'
import type { PushMessage } from './generated/types.ts'
import { isPushMessage } from './generated/validators.js'

/** Where an account's message key stands among the platform's own words, Base64. */
const KEY = 'messageKey'

const IV = Buffer.alloc(16)
const BLOCK = 16
const CIPHERS: Readonly<Record<number, string>> = {
  16: 'aes-128-cbc',
  24: 'aes-192-cbc',
  32: 'aes-256-cbc',
}

/**
 * A message that the platform pushed: Base64 of AES-CBC with a zero IV over JSON. Undefined where it
 * cannot be read, for whatever reason: whoever sends bad Base64, bad padding or bad JSON must not
 * learn which of them it was.
 *
 * @see formats/kuaishou.md section 2
 */
export function openPush(
  body: Uint8Array,
  { native }: Pick<PlatformCredential, 'native'>,
): PushMessage | undefined {
  const key = base64(native[KEY] ?? '')
  const cipher = CIPHERS[key?.length ?? 0]
  if (key === undefined || cipher === undefined) return undefined
  try {
    const sealed = base64(readText(body))
    if (sealed === undefined || sealed.length === 0 || sealed.length % BLOCK > 0) return undefined
    const opener = createDecipheriv(cipher, key, IV)
    const plain = Buffer.concat([opener.update(sealed), opener.final()])
    const message = readJsonText(readText(plain))
    return isPushMessage(message) ? message : undefined
  } catch {
    return undefined
  }
}

/** Bytes of strict Base64, with padding; undefined for anything else. */
function base64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : undefined
}
