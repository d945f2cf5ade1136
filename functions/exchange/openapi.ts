import { openPaths } from './openapi/anybody.ts'
import { courierPaths } from './openapi/couriers.ts'
import { custodyPaths } from './openapi/custody.ts'
import { schemas } from './openapi/documents.ts'
import { parameters } from './openapi/parameters.ts'
import { platformPaths } from './openapi/platforms.ts'
import { headers } from './openapi/problems.ts'
import { securitySchemes } from './openapi/security.ts'
import type { OpenApi } from './openapi/types.ts'

/**
 * Every call of the gateway, as OpenAPI 3.1. Schemas of the standard are referred to where they are
 * served, `schemas/order.json` beside this document.
 */
export const openApi: OpenApi = {
  openapi: '3.1.0',
  info: {
    title: 'LastHop',
    version: '1.0.0',
    summary: 'A gateway for privacy orders: only the last hop can read who a parcel is for.',
    description: [
      'Platforms post orders and couriers take waybills, each in its own format; those documents are native, and what is native is open here.',
      'Every call may be repeated without harm. Bodies are at most 1 MB and not compressed. JSON is read strictly: UTF-8 without a byte order mark, no key twice, at most 64 deep. A segment of a path holds `A-Z a-z 0-9 . _ ~ -` only; any other path, and another method, answers 404.',
      'Errors are problem documents (RFC 9457) that hold no value of the request; on native calls they have the partner’s own form.',
    ].join('\n\n'),
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [
    { url: '/', description: 'The gateway’s public address, with its prefix where it has one.' },
  ],
  tags: [
    { name: 'platforms', description: 'E-commerce platforms: orders in, events out.' },
    { name: 'couriers', description: 'Couriers: waybills out, answers and events in.' },
    { name: 'custody', description: 'Who holds a parcel, and may open it.' },
    { name: 'anybody', description: 'Open to all.' },
  ],
  paths: { ...openPaths, ...platformPaths, ...courierPaths, ...custodyPaths },
  components: { schemas, parameters, headers, securitySchemes },
}
