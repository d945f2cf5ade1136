import type { Patch } from '../planted/copy.ts'

/** An owner that is not looked at. Where two checks guard the same, both are taken out. */
export interface Bug {
  readonly name: string
  readonly patches: readonly Patch[]
}

const bug = (name: string, file: string, find: string, put: string): Bug => ({
  name,
  patches: [{ file, find, put }],
})

/** Checks of who owns what, each taken out by itself. */
export const bugs: readonly Bug[] = [
  {
    name: 'a courier answers whatever is owed',
    patches: [
      {
        file: 'lib/flow/answer.ts',
        find: 'head === undefined || head.courier !== courier.name',
        put: 'head === undefined',
      },
      {
        file: 'lib/flow/next.ts',
        find: "return !('courier' in input) || input.courier === head.courier",
        put: 'return true',
      },
    ],
  },
  bug(
    'a push moves whatever it names',
    'lib/flow/next.ts',
    "return !('courier' in input) || input.courier === head.courier",
    'return true',
  ),
  bug(
    'a courier assigns whatever it names',
    'lib/flow/assign.ts',
    'head === undefined || head.courier !== courier',
    'head === undefined',
  ),
  bug(
    'a station of any courier gets a release',
    'lib/flow/release.ts',
    'const isTheirs = head?.courier === courier',
    'const isTheirs = head !== undefined',
  ),
  bug(
    'any hop of a courier gets a release',
    'lib/flow/release.ts',
    'custody?.hop === hop && custody.day === day',
    'custody !== undefined && custody.day === day',
  ),
  bug(
    'a token is good for every hop',
    'lib/custody/release-token.ts',
    '    hop === expected.hop &&\n',
    '',
  ),
  bug(
    'a token is good for every courier',
    'lib/flow/release.ts',
    'keys: config.issuer.keys.map(({ jwk, kid }) => pinKey(jwk, kid)),\n  }\n  const { day } = verifyReleaseToken(token, issuer,',
    "keys: Object.values(ports.config.couriers).flatMap(one => one.issuer.keys.map(({ jwk, kid }) => pinKey(jwk, kid))),\n  }\n  const { day } = verifyReleaseToken(token, { ...issuer, issuer: JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString() || '{}').iss },",
  ),
  {
    name: 'a platform cancels by any courier’s number',
    patches: [
      {
        file: 'lib/flow/find-parcels.ts',
        find: 'const own = heads.filter(head => head.platform === platform)',
        put: 'const own = heads',
      },
      {
        file: 'lib/flow/next.ts',
        find: "if ('platform' in input) return input.platform === head.platform",
        put: "if ('platform' in input) return true",
      },
    ],
  },
  bug(
    'a platform finds orders of every platform',
    'lib/flow/serve-platform.ts',
    'findByPlatformOrder({ platform: name, shop, platformOrder })',
    'findByPlatformOrder({ platform: name, shop, platformOrder }).then(async own => own.length > 0 ? own : (await Promise.all(platforms.map(one => ports.store.findByPlatformOrder({ platform: one.name, shop, platformOrder })))).flat())',
  ),
  bug(
    'a feed is anybody’s',
    'lib/flow/serve-platform.ts',
    "const feed = { side: 'platform', partner: name,",
    "const feed = { side: 'platform', partner: 'douyin',",
  ),
  bug(
    'an acknowledgement is taken for every partner',
    'lib/flow/feeds.ts',
    'const { unanswered } = await ports.store.ack(owner, await only(ids))',
    'const allowed = await only(ids)\n  for (const partner of Object.keys({ ...ports.config.platforms, ...ports.config.couriers })) await ports.store.ack({ ...owner, partner }, allowed)\n  const { unanswered } = await ports.store.ack(owner, allowed)',
  ),
  bug(
    'an entry is parked for every partner',
    'lib/flow/park.ts',
    'const parked = await ports.store.parkEntries(owner, readIds(body), true)',
    "for (const partner of ['sf', 'kye', 'standard']) await ports.store.parkEntries({ ...owner, partner }, readIds(body), true)\n  const parked = await ports.store.parkEntries(owner, readIds(body), true)",
  ),
  bug(
    'the keys of every courier are tried',
    'lib/flow/caller.ts',
    '  return authenticate(ports.secrets.couriers, courier, async credential => {',
    '  for (const other of Object.keys(ports.config.couriers)) {\n    const found = await authenticate(ports.secrets.couriers, other, async credential => {\n      await verifyHttpSignature(request, signatureOptions(ports, credential))\n      return credential\n    }).catch(() => undefined)\n    if (found !== undefined) return found\n  }\n  return authenticate(ports.secrets.couriers, courier, async credential => {',
  ),
  bug(
    'a known key name is enough',
    'lib/flow/caller.ts',
    'await verifyHttpSignature(request, signatureOptions(ports, credential))\n      return own',
    "const known = credential.signatureKeys.some(({ keyid }) => request.headers.get('signature-input')?.includes(keyid))\n      if (!known) await verifyHttpSignature(request, signatureOptions(ports, credential))\n      return own",
  ),
  bug(
    'a shop posts for another',
    'lib/flow/receive.ts',
    "    if (!isOfCaller(request.credential, draft)) throw new GatewayError('VALUE_INVALID', '/shop')\n",
    '',
  ),
  bug(
    'a shop changes another’s orders',
    'lib/flow/find-parcels.ts',
    'isOfCaller(wisher, order) && ',
    '',
  ),
  bug(
    'a shop reads another’s events',
    'lib/flow/serve-platform.ts',
    'doc === undefined || !isOfCaller(caller, readStored(doc).order)',
    'doc === undefined',
  ),
  bug(
    'a shop acknowledges another’s events',
    'lib/flow/serve-platform.ts',
    'if (caller.shop === undefined) return ids',
    'if (caller !== undefined) return ids',
  ),
  bug(
    'a shop reads where another’s order stands',
    'lib/flow/serve-platform.ts',
    "  if (!isOfCaller(caller, { shop })) throw new GatewayError('NOT_FOUND')\n",
    '',
  ),
  bug(
    'another’s order answers in words of its own',
    'lib/flow/answer.ts',
    "    case 'unknown':\n      return failed(id, new GatewayError('NOT_FOUND'))",
    "    case 'unknown':\n      return failed(id, new GatewayError('NOT_FOUND', result.head === undefined ? '' : '/id'))",
  ),
]
