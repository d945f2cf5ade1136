import { createHmac, hash, timingSafeEqual } from 'node:crypto'

/** Lower hex MD5 of the bytes, text as UTF-8: `md5Hex('a')` = `0cc175b9c0f1b6a831c399e269772661`. Only for partners' old schemes. */
export function md5Hex(data: string | Uint8Array): string {
  return hash('md5', data, 'hex')
}

/** Base64 MD5 of the bytes, text as UTF-8, with padding: 24 characters. Only for partners' old schemes. */
export function md5Base64(data: string | Uint8Array): string {
  return hash('md5', data, 'base64')
}

/** Lower hex SHA-256 of the bytes, text as UTF-8: 64 characters. */
export function sha256Hex(data: string | Uint8Array): string {
  return hash('sha256', data, 'hex')
}

/** Base64 SHA-256 of the bytes, text as UTF-8, with padding: 44 characters. */
export function sha256Base64(data: string | Uint8Array): string {
  return hash('sha256', data, 'base64')
}

/** Lower hex HMAC-SHA256, texts as UTF-8: 64 characters. */
export function hmacSha256Hex(key: string | Uint8Array, data: string | Uint8Array): string {
  return createHmac('sha256', key).update(data).digest('hex')
}

/** Base64 HMAC-SHA256, texts as UTF-8, with padding: 44 characters. */
export function hmacSha256Base64(key: string | Uint8Array, data: string | Uint8Array): string {
  return createHmac('sha256', key).update(data).digest('base64')
}

/** Whether two texts are the same, in a time that tells neither where they differ nor how long they are. */
export function sameText(a: string, b: string): boolean {
  const same = timingSafeEqual(hash('sha256', a, 'buffer'), hash('sha256', b, 'buffer'))
  // Lone surrogates all hash as U+FFFD; by here only equals and those are left.
  return same && a === b
}

/** Whether `time` is at most `seconds` before or after `now`, both ends included; an invalid date never is. */
export function within(now: Date, time: Date, seconds: number): boolean {
  return Math.abs(now.getTime() - time.getTime()) <= seconds * 1000
}
