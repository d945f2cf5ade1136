import type { Case, Doc, LazyCase } from './case.ts'
import { b64u, certificateOf, claimsOf, jws, jwsHeader, make, type Recipe } from './make.ts'
import { heldOf } from './signatures.ts'
import * as w from './world.ts'

// Seals that are right in all but who may sign them, and when.

const { gateway, intake, stranger, revoked } = w.signers

const certified = (
  claims: unknown,
  header = jwsHeader(gateway, 'lasthop-certificate'),
  by = gateway,
) => jws(header, typeof claims === 'string' ? claims : JSON.stringify(claims), by)

const moments: readonly unknown[] = [
  ...[undefined, null, 0, 1_767_577_800, true, '', 'now', '2026-01-05', '2026-01-05T01:30:00'],
  ...[
    '2026-01-05T01:30:00z',
    '2026-01-05t01:30:00Z',
    '2026-01-05T01:30:00.000Z',
    '2026-01-05T01:30Z',
  ],
  ...[
    '2026-01-05T01:30:00+00:00',
    '2026-01-05T09:30:00+08:00',
    '2026-13-05T01:30:00Z',
    ' 2026-01-05T01:30:00Z',
  ],
  ...[
    '2026-02-30T01:30:00Z',
    '2026-01-05T24:00:00Z',
    '2026-01-05T01:60:00Z',
    '+002026-01-05T01:30:00Z',
  ],
]

/** Claims about the right key that the gateway's own key signed, and that nobody may believe. */
function claims(): unknown[] {
  const usual = claimsOf(intake)
  const { x, y, from, until } = usual
  const text = JSON.stringify(usual)
  return [
    ...moments.flatMap(moment => [
      { ...usual, from: moment },
      { ...usual, until: moment },
    ]),
    { ...usual, until: '2026-01-05T02:30:01Z' },
    { ...usual, until: '2026-01-06T01:30:00Z' },
    { ...usual, until: '2099-01-05T01:30:00Z' },
    { ...usual, from: '1970-01-01T00:00:00Z' },
    { ...usual, until: from },
    { ...usual, from: w.sealedAt, until: w.sealedAt },
    { ...usual, from: until, until: from },
    ...[
      'kid',
      'alg',
      'kty',
      'crv',
      'jwk',
      'd',
      'scope',
      'platform',
      'exp',
      'nbf',
      'iat',
      '',
      'X',
    ].map(name => ({
      ...usual,
      [name]: 'x',
    })),
    ...['x', 'y', 'from', 'until'].flatMap(name => [
      { ...usual, [name]: undefined },
      { ...usual, [name]: undefined, [name.toUpperCase()]: usual[name] },
      `{"${name}":"x",${text.slice(1)}`,
      `${text.slice(0, -1)},"${name}":"x"}`,
      `{"${name}":${JSON.stringify(usual[name])},${text.slice(1)}`,
    ]),
    { ...usual, x: y, y: x },
    { ...usual, x: y },
    ...[
      '',
      'AAAA',
      1,
      null,
      `${x}=`,
      `${x}A`,
      `AA${x}`,
      String(x).slice(1),
      b64u(Buffer.alloc(32)),
    ].flatMap(odd => [
      { ...usual, x: odd },
      { ...usual, y: odd },
    ]),
    loose(usual, 'x'),
    loose(usual, 'y'),
    ...['', 'null', '[]', '{}', `[${text}]`, `${text}x`, `\ufeff${text}`, JSON.stringify(text)],
    { ...usual, from: '2026-01-05T01:30:00Z', until: [until] },
  ]
}

/** The last character with bits set that no byte has. */
function loose(usual: Doc, name: 'x' | 'y'): Doc {
  const text = String(usual[name])
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return { ...usual, [name]: text.slice(0, -1) + alphabet[alphabet.indexOf(text.at(-1) ?? '') + 1] }
}

/** Certificates of the right key that are none, by header or by whose hand. */
function certificates(): (string | null)[] {
  const usual = claimsOf(intake)
  const text = JSON.stringify(usual)
  const head: Doc = JSON.parse(jwsHeader(gateway, 'lasthop-certificate'))
  const good = certificateOf(intake)
  const [header, payload, signature] = good.split('.')
  const others = Object.values(w.signers).filter(
    by => by !== gateway && by !== w.signers.nextGateway,
  )
  return [
    null,
    ...others.flatMap(by => [
      certificateOf(intake, by),
      certified(usual, jwsHeader(gateway, 'lasthop-certificate'), by),
      certified(usual, JSON.stringify({ ...head, kid: by.kid })),
      certified(usual, JSON.stringify({ ...head, kid: by.kid }), by),
    ]),
    ...[
      ...[
        'lasthop-seal',
        'lasthop-assignment',
        'lasthop-statement',
        'lasthop-control',
        'lasthop-keys',
      ],
      ...['lasthop-receipt', 'JWT', 'at+jwt', '', 'LASTHOP-CERTIFICATE'],
    ].map(typ => certified(usual, JSON.stringify({ ...head, typ }))),
    ...['none', 'HS256', 'ES384', 'EdDSA', 'RS256', '', 'es256'].map(alg =>
      certified(usual, JSON.stringify({ ...head, alg })),
    ),
    ...['alg', 'kid', 'typ'].map(name =>
      certified(usual, JSON.stringify({ ...head, [name]: undefined })),
    ),
    ...[{ crit: ['b64'] }, { b64: false }, { jwk: usual }, { exp: 0 }, { x5c: ['MIIB'] }].map(
      more => certified(usual, JSON.stringify({ ...head, ...more })),
    ),
    ...[
      `${header}..${signature}`,
      `${header}.${payload}.`,
      `${good}.`,
      `${good}.AAAA`,
      `${payload}.${signature}`,
    ],
    ...[
      `${header}.${b64u(` ${text}`)}.${signature}`,
      `${payload}.${header}.${signature}`,
      header ?? '',
    ],
  ]
}

const refusedSeal = (kind: string, recipe: Recipe, fresh?: Case['fresh']): LazyCase => {
  return () => {
    const { sealed: doc } = make(recipe)
    return { kind, doc, must: { verify: 'refuse' }, ...(fresh === undefined ? {} : { fresh }) }
  }
}

/** The seal whole, as a courier pulls it, and as the router holds it. */
function* refused(kind: string, recipe: Recipe): Generator<LazyCase> {
  yield refusedSeal(kind, recipe)
  yield refusedSeal(kind, { ...recipe, pulled: true })
  yield () => {
    const { sealed, stated } = make(recipe)
    return { kind, doc: heldOf(sealed, stated), must: { held: 'refuse' } }
  }
}

/** Who signs for a custody key that is another's: with a certificate or without. */
const claimants: readonly Recipe[] = [
  { kid: w.kids.platform },
  { kid: w.kids.platform, nimbus: true },
  { kid: w.kids.otherPlatform },
  { by: 'platform', kid: w.kids.otherPlatform },
  { by: 'platform', kid: w.kids.otherPlatform, platform: 'bazaar' },
  { by: 'platform', kid: w.kids.custody },
  { by: 'platform', kid: w.kids.next },
  { by: 'platform', platform: 'bazaar' },
  { by: 'platform', platform: 'other' },
  { by: 'platform', signer: w.signers.edwards },
  { by: 'platform', signer: w.signers.otherPlatform },
  { by: 'platform', signer: intake },
  { by: 'platform', signer: intake, certificate: certificateOf(intake) },
  { by: 'platform', certificate: certificateOf(w.signers.platform) },
  { by: 'platform', certificate: certificateOf(intake) },
  { by: 'platform', kid: w.kids.custody, certificate: certificateOf(intake) },
  { certificate: null },
  { signer: gateway, certificate: null },
  { signer: gateway },
  { signer: stranger },
  { signer: stranger, certificate: certificateOf(stranger, stranger) },
  { signer: revoked, certificate: certificateOf(revoked) },
  { kid: w.digest('of nobody') },
  { kid: w.kids.retired },
  { kid: w.kids.retired, sealedAt: '2026-01-05T01:30:00Z' },
  { kid: w.kids.retired, nimbus: true, sealedAt: '2026-01-05T02:30:00Z' },
]

const outside = [
  ...[
    '2026-01-05T01:29:59Z',
    '2026-01-05T02:30:01Z',
    '2026-01-04T02:00:00Z',
    '2027-01-05T02:00:00Z',
  ],
  ...[
    '1970-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    '0000-01-05T02:00:00Z',
    '2026-01-05T02:00:60Z',
  ],
  ...[
    '2026-01-05T2:00:00Z',
    '2026-01-05T02:00:00',
    '2026-01-05T02:00:00.5Z',
    '2026-01-05T02:00:00+00:00',
  ],
  ...['2026-01-05T02:00:00z', '2026-01-05 02:00:00Z', '20260105T020000Z', '2026-01-05T02:00:00Z\n'],
  ...['2026-01-05T01:90:00Z', '2026-01-05T02:00:99Z'],
]

/** Days that no calendar has; a certificate is no help, since a platform needs none. */
const unreal = [
  '2026-02-30T02:00:00Z',
  '2026-02-29T02:00:00Z',
  '2026-04-31T02:00:00Z',
  '2026-01-05T24:00:00Z',
]

/** Bindings and slugs that no seal can have, in what the router is handed. */
const heldFaults: readonly [string, unknown][] = [
  ...['', 'x', 'o_0', `${w.order} `, `${w.order}\n`, w.order.toUpperCase()].map(
    x => ['order', x] as const,
  ),
  ...['', 'Acme', 'acme\n', 'a b', 'x'.repeat(33), '1a'].map(x => ['platform', x] as const),
  ...['', 'Swift', 'swift\n', 's/x'].map(x => ['courier', x] as const),
  ...['', 'buyer', 'Sender', 'receiver\n'].map(x => ['group', x] as const),
  ...['1', 0, -1, 1.5, 1_000_001, null, Number.NaN].map(x => ['rev', x] as const),
  ...['', 'x', `${w.kids.custody}=`].map(x => ['kid', x] as const),
  ...['', 'x'].map(x => ['bodyHash', x] as const),
].map(([name, value]) => [name, value])

/** A held key that says what it must not, signed so. */
function* heldCases(): Generator<LazyCase> {
  for (const [name, value] of heldFaults) {
    yield () => {
      const { sealed, stated } = make({ states: { [name]: String(value) } })
      const doc = { ...heldOf(sealed, stated), [name]: value }
      return { kind: 'held value', doc, must: { held: 'refuse' } }
    }
  }
  for (const length of [0, 1, 256, 383, 385, 512]) {
    yield () => {
      const { sealed, stated } = make({ wrappedKey: Buffer.alloc(length, 1) })
      return { kind: 'held key length', doc: heldOf(sealed, stated), must: { held: 'refuse' } }
    }
  }
}

/** Too old, or from the future, when a courier pulls it. */
function* staleCases(): Generator<LazyCase> {
  const at = new Date(w.sealedAt).getTime()
  for (const seconds of [86_401, 90_000, 10 ** 9, -301, -86_400]) {
    const fresh = { now: new Date(at + seconds * 1000), maxAgeSeconds: 86_400 }
    for (const by of ['intake', 'platform'] as const) yield refusedSeal('stale', { by }, fresh)
  }
}

/** All that is wrong with who signs and when. */
export function* certificateCases(): Generator<LazyCase> {
  for (const one of claims()) yield* refused('certificate claims', { certificate: certified(one) })
  for (const certificate of certificates()) yield* refused('certificate', { certificate })
  for (const recipe of claimants) yield* refused('claimant', recipe)
  for (const sealedAt of outside) yield* refused('sealedAt', { sealedAt })
  for (const sealedAt of unreal) yield* refused('sealedAt', { by: 'platform', sealedAt })
  yield* heldCases()
  yield* staleCases()
}
