/** Amounts of rotation of the four rounds (RFC 1321 section 3.4). */
const ROTATIONS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]

const SINES = Array.from({ length: 64 }, (_, i) => Math.floor(2 ** 32 * Math.abs(Math.sin(i + 1))))

/** What MD5 puts behind a message of so many bytes: 0x80, zeros, the length in bits. */
export function paddingAfter(length: number): Buffer {
  const padding = Buffer.alloc(((119 - (length % 64)) % 64) + 9)
  padding[0] = 0x80
  padding.writeBigUInt64LE(BigInt(length) * 8n, padding.length - 8)
  return padding
}

/**
 * The attack: the digest of a message that nobody told, its padding and `suffix`, from the digest and
 * the length of the message alone. MD5 is its own state, so it goes on from where it stood.
 *
 * @param digest upper or lower hex
 */
export function extended(digest: string, length: number, suffix: string | Uint8Array): string {
  const state = Buffer.from(digest, 'hex')
  let words = [0, 4, 8, 12].map(at => state.readUInt32LE(at))
  const before = length + paddingAfter(length).length
  const more = Buffer.from(suffix)
  const rest = Buffer.concat([more, paddingAfter(before + more.length)])
  for (let at = 0; at < rest.length; at += 64) words = compress(words, rest.subarray(at, at + 64))
  const out = Buffer.alloc(16)
  for (const [n, word] of words.entries()) out.writeUInt32LE(word, n * 4)
  return out.toString('hex')
}

function compress(state: readonly number[], block: Buffer): number[] {
  let [a = 0, b = 0, c = 0, d = 0] = state
  for (let i = 0; i < 64; i++) {
    const round = i >> 4
    const [mixed, word] = step(round, i, b, c, d)
    const sum = (a + mixed + (SINES[i] ?? 0) + block.readUInt32LE(word * 4)) >>> 0
    const turn = ROTATIONS[round * 4 + (i % 4)] ?? 0
    const next = (b + ((sum << turn) | (sum >>> (32 - turn)))) >>> 0
    ;[a, b, c, d] = [d, next, b, c]
  }
  return [a, b, c, d].map((word, n) => (word + (state[n] ?? 0)) >>> 0)
}

function step(round: number, i: number, b: number, c: number, d: number): [number, number] {
  if (round === 0) return [((b & c) | (~b & d)) >>> 0, i]
  if (round === 1) return [((d & b) | (~d & c)) >>> 0, (5 * i + 1) % 16]
  if (round === 2) return [(b ^ c ^ d) >>> 0, (3 * i + 5) % 16]
  return [(c ^ (b | ~d)) >>> 0, (7 * i) % 16]
}
