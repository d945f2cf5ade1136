/** A call that the gateway answers, and the function that does. */
export interface Route<Name extends string> {
  readonly method: 'GET' | 'POST'
  /** With `{hop}` for what differs from call to call. */
  readonly path: string
  readonly to: Name
}

/** A function behind the gateway's REST API. */
export type Behind = 'intake' | 'exchange' | 'custody'

/** What anybody may read. */
const open: readonly Route<Behind>[] = [
  { method: 'GET', path: '/v1/health', to: 'exchange' },
  { method: 'GET', path: '/v1/openapi.json', to: 'exchange' },
  { method: 'GET', path: '/v1/schemas/{name}', to: 'exchange' },
]

const platform: readonly Route<Behind>[] = [
  { method: 'POST', path: '/orders', to: 'intake' },
  { method: 'POST', path: '/cancellations', to: 'intake' },
  { method: 'GET', path: '/orders/{order}', to: 'exchange' },
  { method: 'GET', path: '/events', to: 'exchange' },
  { method: 'POST', path: '/events/acks', to: 'exchange' },
]

const courier: readonly Route<Behind>[] = [
  { method: 'GET', path: '/keys', to: 'exchange' },
  { method: 'GET', path: '/waybills', to: 'exchange' },
  { method: 'POST', path: '/waybills/acks', to: 'exchange' },
  { method: 'POST', path: '/waybills/parked', to: 'exchange' },
  { method: 'POST', path: '/answers', to: 'exchange' },
  { method: 'POST', path: '/events', to: 'exchange' },
  { method: 'POST', path: '/events/{token}', to: 'exchange' },
  { method: 'POST', path: '/assignments', to: 'custody' },
  { method: 'GET', path: '/hops/{hop}/orders/{order}', to: 'custody' },
]

/**
 * The gateway's calls. Each partner's are paths of their own, so that API Gateway throttles one
 * without the others and answers 404 for whom it does not know.
 *
 * @see design section 7
 */
export function gatewayRoutes(
  platforms: readonly string[],
  couriers: readonly string[],
): Route<Behind>[] {
  return [
    ...open,
    ...platforms.flatMap(name => under(`/v1/platforms/${name}`, platform)),
    ...couriers.flatMap(name => under(`/v1/couriers/${name}`, courier)),
  ]
}

/** The one call of the courier's helper for handhelds. */
export const stationRoutes: readonly Route<'station'>[] = [
  { method: 'POST', path: '/v1/open', to: 'station' },
]

function under(prefix: string, routes: readonly Route<Behind>[]): Route<Behind>[] {
  return routes.map(route => ({ ...route, path: prefix + route.path }))
}
