import { sha256Hex } from '../../lib/access/digest.ts'
import { openSecrets } from '../../lib/access/secrets.ts'
import type { CourierConfig, GatewayConfig } from '../../lib/flow/config.ts'
import type { ExchangePorts } from '../../lib/flow/ports.ts'
import type { Draft } from '../../lib/model/draft.ts'
import { clearOrder, draftOf } from '../platforms/douyin/request.ts'
import * as f from '../seal/fixtures.ts'

/** A courier as the gateway knows it: it shows streets, and nothing was agreed with it. */
export const courier: CourierConfig = {
  settings: { displayLevel: 'street', native: {} },
  custodyKeys: [
    { kid: f.custody.kid, jwk: f.custody.key.export({ format: 'jwk' }), use: 'current' },
  ],
  dispatchKeys: [],
  issuer: { url: 'https://id.sf.invalid/stations', keys: [] },
  router: 'lasthop-sf-router',
  shards: 1,
}

/** A gateway that serves nobody yet: an order waits a minute, and is kept an hour. */
export const config: GatewayConfig = {
  origin: 'https://gateway.example',
  gatewayKeys: [],
  revokedCertificates: [],
  couriers: {},
  platforms: { douyin: { shards: 1 } },
  offerSeconds: 60,
  keepSeconds: 3600,
}

/** The clear example of the platform as a draft: product, payer and account are named in it. */
export const draft: Draft = draftOf(clearOrder().request)

/** Secret part of the path that unsigned pushes come to. */
export const PUSH_TOKEN = 'x7Q2-secret-of-a-path'

const unused = () => Promise.reject(new Error('not part of this test'))

/** Ports of the exchange over a store of which only these methods are there; what was counted. */
export function exchange(
  couriers: Readonly<Record<string, CourierConfig>>,
  store: Partial<ExchangePorts['store']>,
  now = new Date('2026-01-01T00:00:00Z'),
) {
  const counts: Record<string, number> = {}
  const tokens = { current: { pushTokens: [sha256Hex(PUSH_TOKEN)] } }
  const secret = Buffer.from(JSON.stringify(tokens))
  const clock = () => now
  const ports: ExchangePorts = {
    config: { ...config, couriers },
    now: clock,
    count(metric, by = 1) {
      if (by > 0) counts[metric] = (counts[metric] ?? 0) + by
    },
    secrets: {
      platforms: openSecrets(async () => undefined, 'platforms', clock),
      couriers: openSecrets(async () => secret, 'couriers', clock),
    },
    store: {
      ...{ postOrders: unused, changeOrders: unused, changeOrder: unused, getHeads: unused },
      ...{ getOrders: unused, getDocs: unused, findByPlatformOrder: unused },
      ...{ findByWaybill: unused, readFeed: unused, ack: unused, parkEntries: unused },
      ...store,
    },
  }
  return { ports, counts }
}
