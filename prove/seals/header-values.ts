import * as w from './world.ts'

// What can stand wrongly in a header.

/** Values of other types and shapes; none is right for any member. */
export const strange: readonly unknown[] = [
  ...[null, true, false, 1.5, -1, 0, 2 ** 53, 1e21, '', ' ', [], {}, [''], [1], { a: 1 }],
  ...['\u0000', 'é', '\ud83d\udeaa', 'x'.repeat(40), 'null', '*', '../sf', '%73f'],
]

/** What else could be mistaken for a text that is right. */
export function near(text: string): unknown[] {
  const upper = text.toUpperCase()
  return [
    ...[
      `${text} `,
      ` ${text}`,
      `${text}\n`,
      `${text}\r\n`,
      `\t${text}`,
      `${text}\u0000`,
      `${text}.`,
    ],
    ...[
      upper === text ? text.toLowerCase() : upper,
      text.slice(0, -1).concat('é'),
      [text],
      { text },
    ],
    ...[`${text}${text}`, text.slice(1), `${text.slice(0, 1)}\u200b${text.slice(1)}`],
  ]
}

/** Values that a careless reader takes, member by member. */
export const careless: Readonly<Record<string, readonly unknown[]>> = {
  enc: ['A128GCM', 'A192GCM', 'A256CBC-HS512', 'A128CBC-HS256', 'A256CTR', 'C20P', 'XC20P', 'none'],
  typ: ['JWE', 'JOSE', 'JOSE+JSON', 'application/lasthop-personal+json', 'lasthop-seal', 'JWT'],
  order: ['o_', 'o_0123456789abcdefghijklmnop', 'fck7qd6bckys2eiuxjf7u36sdw', 'o_*', 'p_x'],
  courier: ['9sf', '-sf', 's_f', 'sf/x', 'x'.repeat(33), 'SF'],
  group: ['buyer', 'receivers', 'Receiver', 'sender,receiver', 'both'],
  rev: ['1', '01', 1_000_001, 1e15, -0.5, '1.0', true],
  v: [2, 3, '1', 'v1', 1.5, -1],
  alg: [
    ...['RSA-OAEP', 'RSA1_5', 'RSA-OAEP-384', 'RSA-OAEP-512', 'dir', 'none', 'A256KW', 'A256GCMKW'],
    ...['ECDH-ES', 'ECDH-ES+A256KW', 'PBES2-HS512+A256KW', 'rsa-oaep-256', 'RSA_OAEP_256', 'HS256'],
  ],
  kid: [w.kids.custody.toLowerCase(), 'custody', `${w.kids.custody}=`, w.digest('of nobody')],
}

/** Members that JOSE knows and the seal does not, and some that no standard knows. */
export const foreign: Readonly<Record<string, readonly unknown[]>> = {
  zip: ['DEF', 'GZ', ''],
  crit: [['exp'], [], ['order'], 'exp'],
  jku: ['https://example.com/keys', ''],
  jwk: [{ kty: 'RSA', n: 'AQAB', e: 'AQAB' }, {}],
  x5u: ['https://example.com/certificate'],
  x5c: [['MIIB'], []],
  x5t: ['AAAA'],
  'x5t#S256': [w.digest('certificate')],
  cty: ['JWE', 'json'],
  p2c: [1, 1_000_000],
  p2s: ['AAAA'],
  epk: [{ kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }],
  apu: ['AA'],
  apv: ['AA'],
  iv: ['AAAAAAAAAAAAAAAA'],
  tag: ['AAAAAAAAAAAAAAAAAAAAAA'],
  b64: [false, true],
  url: ['https://example.com'],
  nonce: ['AA'],
  iss: ['acme'],
  sub: ['acme'],
  aud: ['swift', ['swift', 'slow']],
  exp: [0, 4_102_444_800],
  nbf: [0],
  iat: [0],
  hop: ['hop-1'],
  day: ['2026-01-05'],
  leg: ['delivery'],
  platform: ['acme', 'bazaar'],
  sealedAt: [w.sealedAt],
  encrypted_key: ['AAAA'],
  Order: [w.otherOrder],
  ORDER: [w.otherOrder],
  'order ': [w.otherOrder],
  '': ['x', 1],
  constructor: ['x', {}],
  toString: ['x'],
  hasOwnProperty: [1],
}
