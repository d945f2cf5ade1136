import type { Doc } from './case.ts'
import { detached, jwsHeader } from './make.ts'
import * as w from './world.ts'

// Signatures by the right key whose header says what none may say.

/** Signs a payload in some way that must not hold. */
export type Forge = (payload: string, by: w.Signer) => string

const withHeader =
  (change: (header: Doc, payload: string) => unknown): Forge =>
  (payload, by) => {
    const header = change(JSON.parse(jwsHeader(by)), payload)
    return detached(typeof header === 'string' ? header : JSON.stringify(header), payload, by)
  }

const near = (text: string): string[] =>
  [
    ...[
      text.toUpperCase(),
      text.toLowerCase(),
      ` ${text}`,
      `${text} `,
      `${text}\u0000`,
      text.slice(1),
      '',
    ],
  ].filter(one => one !== text)

/** Headers that a signer who holds the right key could write, and nobody may believe. */
export const headers: readonly Forge[] = [
  ...['alg', 'kid', 'typ'].flatMap(name => [
    ...[undefined, null, 1, true, [], {}].map(value =>
      withHeader(head => ({ ...head, [name]: value })),
    ),
    withHeader(head => ({ ...head, [name]: [head[name]] })),
    withHeader(head => ({ ...head, [name]: undefined, [name.toUpperCase()]: head[name] })),
    withHeader(head => `{"${name}":"x",${JSON.stringify(head).slice(1)}`),
    withHeader(head => `{"${name}":${JSON.stringify(head[name])},${JSON.stringify(head).slice(1)}`),
    withHeader(head => `${JSON.stringify(head).slice(0, -1)},"${name}":"x"}`),
    withHeader(head =>
      JSON.stringify(head).replace(
        `"${name}"`,
        `"\\u00${name.charCodeAt(0).toString(16)}${name.slice(1)}"`,
      ),
    ),
    ...[0, 1, 2, 3, 4, 5, 6].map(i =>
      withHeader(head => ({ ...head, [name]: near(String(head[name]))[i] })),
    ),
  ]),
  ...[
    'none',
    'HS256',
    'HS512',
    'RS256',
    'PS256',
    'ES256K',
    'ES384',
    'ES512',
    'EdDSA',
    'Ed25519',
    'es256',
  ].map(alg => withHeader(head => ({ ...head, alg }))),
  ...[
    ...[
      'lasthop-certificate',
      'lasthop-assignment',
      'lasthop-statement',
      'lasthop-control',
      'lasthop-keys',
    ],
    ...[
      'lasthop-receipt',
      'lasthop-seal-1',
      'JWT',
      'at+jwt',
      'JOSE',
      'application/lasthop-seal',
      'jwt',
    ],
  ].map(typ => withHeader(head => ({ ...head, typ }))),
  ...Object.entries(w.signers).map(([, { kid }]) =>
    withHeader(head => (head.kid === kid ? { ...head, kid: 'x' } : { ...head, kid })),
  ),
  ...[
    { crit: ['b64'], b64: false },
    { b64: false },
    { b64: true },
    { crit: [] },
    { jku: 'https://example.com' },
    { x5c: ['MIIB'] },
    { zip: 'DEF' },
    { iat: 0 },
    { exp: 4_102_444_800 },
    { '': 'x' },
    { order: w.order },
  ].flatMap(more => [
    withHeader(head => ({ ...head, ...more })),
    withHeader(head => ({ ...more, ...head })),
  ]),
  (payload, by) =>
    withHeader(head => ({ ...head, jwk: by.publicKey.export({ format: 'jwk' }) }))(payload, by),
  ...['', '{}', '[]', 'null', '"x"'].map(text => withHeader(() => text)),
  ...[
    (text: string) => `\ufeff${text}`,
    (text: string) => `${text}x`,
    (text: string) => `${text}{}`,
    (text: string) => `${text},`,
    (text: string) => `${text.slice(0, -1)},}`,
    (text: string) => text.slice(0, -1),
    (text: string) => `[${text}]`,
    (text: string) => `${text}\u0000`,
    (text: string) => text.replaceAll('"', "'"),
  ].map(change => withHeader(head => change(JSON.stringify(head)))),
]
