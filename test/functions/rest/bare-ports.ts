import { randomBytes } from 'node:crypto'
import { openSecrets } from '../../../lib/access/secrets.ts'
import type { GatewayConfig } from '../../../lib/flow/config.ts'
import type { ExchangePorts } from '../../../lib/flow/ports.ts'
import type { IntakePorts } from '../../../lib/flow/receive.ts'
import type { ReleasePorts } from '../../../lib/flow/release.ts'
import { GatewayError } from '../../../lib/model/errors.ts'
import { createClient, createStore } from '../../../lib/store/index.ts'

/** A configuration without partners. */
export const bareConfig: GatewayConfig = {
  origin: 'https://gateway.example/lasthop',
  gatewayKeys: [],
  revokedCertificates: [],
  couriers: {},
  platforms: {},
  offerSeconds: 259_200,
  keepSeconds: 2_592_000,
}

const away = async (): Promise<never> => {
  throw new GatewayError('STORE_AWAY', '', { retry: 'later' })
}

/** Ports that reach nobody: enough to mount an app, and to be asked what needs nobody. */
export function barePorts(): IntakePorts & ExchangePorts & ReleasePorts {
  const now = () => new Date()
  const none = async () => undefined
  const credentials = { accessKeyId: 'none', secretAccessKey: 'none' }
  const client = createClient({ region: 'us-east-1', credentials })
  const tables = { orders: 'Orders', keys: 'Keys', audit: 'Audit' }
  return {
    config: bareConfig,
    now,
    count() {},
    store: createStore({ client, tables, clock: Date.now, random: randomBytes }),
    secrets: {
      platforms: openSecrets(none, 'platforms', now),
      couriers: openSecrets(none, 'couriers', now),
    },
    signer: { current: away },
    bodyKeys: away,
    router: away,
  }
}
