const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'

/** First `length` characters of lower-case base32 (RFC 4648, no padding) of the bytes. */
export function base32(bytes: Uint8Array, length: number): string {
  let text = ''
  let buffer = 0
  let bits = 0
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += ALPHABET.charAt((buffer >> bits) & 31)
    }
    buffer &= (1 << bits) - 1
    if (text.length >= length) break
  }
  return text.slice(0, length)
}
