import type { JsonWebKey } from 'node:crypto'
import acceptance from '../../schemas/acceptance.json' with { type: 'json' }
import assignment from '../../schemas/assignment.json' with { type: 'json' }
import change from '../../schemas/change.json' with { type: 'json' }
import changeOutcomes from '../../schemas/change-outcomes.json' with { type: 'json' }
import changes from '../../schemas/changes.json' with { type: 'json' }
import event from '../../schemas/event.json' with { type: 'json' }
import order from '../../schemas/order.json' with { type: 'json' }
import orders from '../../schemas/orders.json' with { type: 'json' }
import outcomes from '../../schemas/outcomes.json' with { type: 'json' }
import party from '../../schemas/party.json' with { type: 'json' }
import personal from '../../schemas/personal.json' with { type: 'json' }
import push from '../../schemas/push.json' with { type: 'json' }
import sealed from '../../schemas/sealed.json' with { type: 'json' }
import { byName, type Ports } from './ports.ts'

const schemas = {
  ...{ acceptance, assignment, change, event, order, party, personal, sealed },
  ...{ orders, outcomes, changes, 'change-outcomes': changeOutcomes, push },
}

/**
 * A schema of the standard by its file name, `order.json` or `order`.
 *
 * @throws {GatewayError} `NOT_FOUND`
 */
export function readSchema(name: string): object {
  return byName<object>(schemas, name.replace(/\.json$/, ''))
}

/**
 * The custody keys of a courier that seals may be made to, as a JWKS. A platform that seals by itself
 * pins the thumbprint that it got from the courier, and compares.
 *
 * @throws {GatewayError} `NOT_FOUND`
 */
export function publishKeys(ports: Ports, courier: string): { keys: JsonWebKey[] } {
  const { custodyKeys, minVersion = 1 } = byName(ports.config.couriers, courier)
  const keys = custodyKeys
    .filter(({ use, retiredAt }) => use !== 'retired' && retiredAt === undefined)
    .filter(({ version = 1 }) => version >= minVersion)
    .map(({ kid, jwk }) => ({ ...jwk, kid, use: 'enc', alg: 'RSA-OAEP-256' }))
  return { keys }
}
