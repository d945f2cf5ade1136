import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { openSecrets } from '../../lib/access/secrets.ts'
import { couriers } from '../../lib/couriers/index.ts'
import type { GatewayConfig } from '../../lib/flow/config.ts'
import { platforms } from '../../lib/platforms/index.ts'
import type { OutgoingRequest } from '../../lib/platforms/platform.ts'
import { pinKey, thumbprint } from '../../lib/seal/keys.ts'

const DAY = 86_400
const ORIGIN = 'https://gateway.example'

const ec = () => generateKeyPairSync('ec', { namedCurve: 'P-256' })

/** Keys of all that take part, made for one run. */
export const keys = {
  custody: generateKeyPairSync('rsa', { modulusLength: 3072 }),
  gateway: ec(),
  body: randomBytes(32),
}

const custodyKid = thumbprint(keys.custody.publicKey)

function courierOf(name: string) {
  const found = couriers.find(one => one.name === name)
  if (found === undefined) throw new Error(`no courier ${name}`)
  return found
}

function platformOf(name: string) {
  const found = platforms.find(one => one.name === name)
  if (found === undefined) throw new Error(`no platform ${name}`)
  return found
}

const sf = courierOf('sf')
const douyin = platformOf('douyin')
const identity = { appKey: douyin.sandbox.appKey, secret: randomBytes(24).toString('hex') }

/** What was agreed: Douyin posts, SF carries, the sender pays. */
export const terms = {
  identity,
  payer: 'sender',
  account: sf.sandbox.account,
  product: sf.sandbox.product,
  settings: { ...sf.sandbox.settings, defaultProducts: { douyin: sf.sandbox.product } },
} as const

/** The gateway's configuration: one platform, one courier. */
export const config: GatewayConfig = {
  origin: ORIGIN,
  gatewayKeys: [keys.gateway.publicKey.export({ format: 'jwk' })],
  revokedCertificates: [],
  offerSeconds: 3 * DAY,
  keepSeconds: 30 * DAY,
  platforms: { douyin: { shards: 1 } },
  couriers: {
    sf: {
      settings: terms.settings,
      custodyKeys: [
        { kid: custodyKid, jwk: keys.custody.publicKey.export({ format: 'jwk' }), use: 'current' },
      ],
      dispatchKeys: [],
      issuer: { url: 'https://id.sf.invalid/stations', keys: [] },
      router: 'lasthop-sf-router',
      shards: 1,
    },
  },
}

const secret = Buffer.from(
  JSON.stringify({
    current: {
      ...identity,
      settings: { couriers: { sf: { payer: terms.payer, account: terms.account } } },
    },
  }),
)

const source = async () => secret

/** The platform's credential, as a secrets manager gives it. */
export const secrets = {
  platforms: openSecrets(source, 'platforms', () => new Date()),
  couriers: openSecrets(source, 'couriers', () => new Date()),
}

/** The gateway's signing key, which certifies intake's own once an hour. */
export const certify = {
  kid: pinKey(keys.gateway.publicKey.export({ format: 'jwk' })).kid,
  sign: async (bytes: Uint8Array) =>
    sign('sha256', bytes, { key: keys.gateway.privateKey, dsaEncoding: 'ieee-p1363' }),
}

/** The custody key's name in seals. */
export const kid = custodyKid

let count = 0

/** A signed request of so many new orders, the platform's two built-in ones in turn. */
export function requestOf(orders: number): OutgoingRequest {
  const { order_infos, ...envelope } = JSON.parse(
    JSON.stringify(douyin.sandbox.requestFor('sf', terms)),
  )
  const infos = Array.from({ length: orders }, () => {
    const order_id = String(6910000000000000000n + BigInt(10 * ++count))
    const { combine_orders, ...info } = order_infos[count % order_infos.length]
    const merged =
      combine_orders === undefined ? {} : { combine_orders: [order_id, `${order_id}1`] }
    return { ...info, order_id, ...merged }
  })
  const document = JSON.stringify({ ...envelope, order_infos: infos })
  return douyin.sandbox.sign(document, identity, new Date())
}

/** The request as a web server gets it. */
export const toWeb = ({ method, path, headers, body }: OutgoingRequest): Request =>
  new Request(`${ORIGIN}${path}`, { method, headers, body })
