/** How callers prove who they are. */
export const securitySchemes = {
  nativeSignature: {
    type: 'apiKey',
    in: 'query',
    name: 'sign',
    description:
      'The partner’s own signature, over the raw bytes, exactly as its API documents say: its parameters stand where that API puts them (query, form or header), and `sign` stands here for all of them, since OpenAPI has no type for such schemes. Where the scheme carries a time, it may be at most five minutes off. Schemes by MD5 are taken only where that was agreed.',
  },
  messageSignature: {
    type: 'apiKey',
    in: 'header',
    name: 'Signature',
    description:
      'One HTTP message signature (RFC 9421), `Signature-Input` and `Signature` with one member each. It covers exactly `@method`, `@authority`, `@path`, each query parameter as `"@query-param";name="…"` (a name comes once), and, when there is a body, `content-type` and `content-digest` (RFC 9530, `sha-256=:…:` over the body). Its parameters are `created` (at most five minutes off), `keyid` and `tag="lasthop"`; `nonce`, `expires` and an `alg` equal to the key’s own are allowed. The algorithm, `ed25519` or `hmac-sha256`, comes from the key. Authority and path are those of the gateway’s public address.',
  },
  stationToken: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description:
      'The release token that the courier’s identity provider gave to a station: audience `lasthop-gateway`, claims `hop` and `day`, no tags for STS, at most 15 minutes. A key token, made for STS, is refused here.',
  },
} as const

type Requirement = Readonly<Partial<Record<keyof typeof securitySchemes, readonly string[]>>>
const requirement = (name: keyof typeof securitySchemes): Requirement => ({ [name]: [] })

/** A platform signs as its API says, or signs the HTTP message. */
export const byPlatform = [requirement('nativeSignature'), requirement('messageSignature')]

/** A courier’s push is signed as its API says. */
export const byPusher = [requirement('nativeSignature')]

/** A courier signs the HTTP message. */
export const byCourier = [requirement('messageSignature')]

/** A station shows its release token. */
export const byStation = [requirement('stationToken')]

/** Nobody is asked; for unsigned pushes the address itself is the secret. */
export const byAnybody: readonly Requirement[] = []
