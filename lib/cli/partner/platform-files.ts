import { readme } from './readme.ts'

const schema = `{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "https://lasthop.dev/wire/platforms/SLUG/1",
  "title": "TITLE",
  "description": "Documents of TITLE that LastHop reads or writes.",
  "$defs": {
    "Order": {
      "title": "Order",
      "description": "One order as it is posted.",
      "type": "object"
    },
    "Taken": {
      "title": "Taken",
      "description": "An order that the courier took.",
      "type": "object"
    },
    "Refusal": {
      "title": "Refusal",
      "description": "An order that the courier refused.",
      "type": "object"
    },
    "Track": {
      "title": "Track",
      "description": "One step of a parcel.",
      "type": "object"
    },
    "Cancel": {
      "title": "Cancel",
      "description": "A wish to cancel an order, or to change its receiver.",
      "type": "object"
    }
  }
}
`

const codes = `import { codeList } from '../../translate/codecs.ts'

/** Their name of a courier ⇄ its slug. @throws {GatewayError} \`COURIER_UNMAPPED\` */
export const couriers = codeList({}, 'COURIER_UNMAPPED')
`

const mapping = `import type { Draft } from '../../model/draft.ts'
import type { Accepted, Event, Order, Refused } from '../../model/validate.ts'
import { between } from '../../translate/table.ts'
import type { ChangedParts, ParcelName } from '../platform.ts'
import type { Cancel, Refusal, Taken, Order as TheirOrder, Track } from './generated/types.ts'

/** Which parcel an answer or a step is about. */
export type Parcel = Pick<Order, 'primaryOrder' | 'parcel'>

/** A wish as it is read: which parcel, and the parts that change; none to cancel it. */
export interface Wished {
  readonly named: ParcelName
  readonly parts?: ChangedParts
}

/** One order ⇄ an order as posted. */
export const order = between<TheirOrder, Draft>().table()

/** The answer to an order that the courier took. */
export const accepted = between<Taken, { parcel: Parcel; acceptance: Accepted }>().table()

/** The answer to an order that the courier refused. */
export const refused = between<Refusal, { parcel: Parcel; acceptance: Refused }>().table()

/** One step of a parcel. */
export const track = between<Track, { parcel: Parcel; event: Event }>().table()

/** A wish to cancel or change. */
export const cancel = between<Cancel, Wished>().table()
`

const wire = `import { hmacSha256Hex, sameText, within } from '../../access/digest.ts'
import type { RawRequest } from '../../access/request.ts'
import { readJson } from '../../access/strict.ts'
import { GatewayError } from '../../model/errors.ts'
import type {
  ChangeResult,
  NativeAnswer,
  OrderResult,
  OutgoingRequest,
  PlatformCredential,
  PostedChange,
  PostedOrder,
  SandboxCredential,
} from '../platform.ts'
import { isCancel, isOrder } from './generated/validators.js'
import { accepted, cancel, order } from './mapping.ts'

const WINDOW_SECONDS = 300

/** Hex HMAC-SHA256 over the path, the time and the body, each but the last ended by LF. An example: replace it by theirs. */
const signOf = (secret: string, path: string, time: string, body: Uint8Array): string =>
  hmacSha256Hex(secret, Buffer.concat([Buffer.from(\`\${path}\\n\${time}\\n\`), body]))

/** Signs as their client does. */
export function signed(
  path: string,
  body: string,
  { appKey, secret }: SandboxCredential,
  now: Date,
): OutgoingRequest {
  const time = String(Math.floor(now.getTime() / 1000))
  const headers = {
    'content-type': 'application/json',
    'x-app-key': appKey,
    'x-time': time,
    'x-sign': signOf(secret, path, time, Buffer.from(body)),
  }
  return { method: 'POST', path, headers, body }
}

/** Finds the credential that signed. @throws {GatewayError} \`UNAUTHENTICATED\`, for whatever reason */
export function authenticate(
  { path, headers, body }: RawRequest,
  credentials: readonly PlatformCredential[],
  now: Date,
): PlatformCredential {
  const time = headers.get('x-time') ?? ''
  const sign = headers.get('x-sign') ?? ''
  const found = credentials.find(
    ({ appKey, secrets }) =>
      appKey === headers.get('x-app-key') &&
      secrets.some(secret => sameText(signOf(secret, path, time, body), sign)),
  )
  const isFresh =
    /^\\d{10}$/.test(time) && within(now, new Date(Number(time) * 1000), WINDOW_SECONDS)
  if (found === undefined || !isFresh) throw new GatewayError('UNAUTHENTICATED')
  return found
}

/** The orders of \`{"orders":[…]}\`, each with its own error. @throws {GatewayError} where the request cannot be read */
export function readOrders(request: RawRequest): PostedOrder<number>[] {
  return elementsOf(request, 'orders').map((element, native) =>
    attempt(native, () => {
      if (!isOrder(element)) throw new GatewayError('WIRE_INVALID', \`/orders/\${native}\`)
      return { native, draft: order.toOurs(element) }
    }),
  )
}

/** The wishes of \`{"wishes":[…]}\`. @throws {GatewayError} where the request cannot be read */
export function readChanges(request: RawRequest): PostedChange<number>[] {
  const at = new Date(Number(request.headers.get('x-time')) * 1000).toISOString()
  return elementsOf(request, 'wishes').map((element, native) =>
    attempt(native, () => {
      if (!isCancel(element)) throw new GatewayError('WIRE_INVALID', \`/wishes/\${native}\`)
      const { named, parts } = cancel.toOurs(element)
      const wish =
        parts === undefined ? { kind: 'cancel' as const } : { kind: 'change' as const, parts }
      return { native, parcel: named, wish, at }
    }),
  )
}

function attempt<T>(native: number, step: () => T) {
  try {
    return step()
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    return { native, error }
  }
}

function elementsOf(request: RawRequest, name: string): unknown[] {
  const document = readJson(request.body)
  const list: unknown =
    typeof document === 'object' && document !== null && Reflect.get(document, name)
  if (!Array.isArray(list)) throw new GatewayError('WIRE_INVALID', \`/\${name}\`)
  return list
}

/** Every order once, in the order they were posted. */
export function answerOrders(results: readonly OrderResult<number>[]): NativeAnswer {
  return native(200, {
    results: results.map(({ outcome }) => {
      if (outcome.kind === 'accepted') {
        const { primaryOrder, parcel } = outcome.order
        const { acceptance } = outcome
        return accepted.toTheirs({ parcel: { primaryOrder, parcel }, acceptance })
      }
      const code = outcome.kind === 'failed' ? outcome.error.code : outcome.kind
      return { code: outcome.kind === 'refused' ? outcome.reason.code : code }
    }),
  })
}

/** Every wish once, in the order they were sent. */
export function answerChanges(results: readonly ChangeResult<number>[]): NativeAnswer {
  const codes = results.map(({ outcome }) => ({
    code: outcome.kind === 'failed' ? outcome.error.code : outcome.kind,
  }))
  return native(200, { results: codes })
}

/** An error that concerns the whole request. */
export function fail(error: GatewayError): NativeAnswer {
  const status = error.code === 'UNAUTHENTICATED' ? 401 : error.retry === 'later' ? 503 : 400
  return native(status, { code: error.code })
}

const native = (status: number, body: object): NativeAnswer => ({
  status,
  contentType: 'application/json',
  body: JSON.stringify(body),
})
`

const sandbox = `import type { PlatformSandbox, SandboxCredential } from '../platform.ts'
import { couriers } from './codes.ts'
import changed from './fixtures/request-change.wire.json' with { type: 'json' }
import request from './fixtures/request-clear.wire.json' with { type: 'json' }
import { cancel } from './mapping.ts'
import { signed } from './wire.ts'

const BASE = '/v1/platforms/SLUG'

/** Their client, on a laptop and in tests. */
export const sandbox: PlatformSandbox = {
  appKey: 'SLUG-app',
  request,
  requestFor: (courier, { product, account }) => ({
    orders: request.orders.map(order => ({
      ...order,
      courier: couriers.from(courier),
      product,
      account,
    })),
  }),
  sign: (document, credential, now) => signed(\`\${BASE}/orders\`, document, credential, now),
  cancel: (parcel, credential, now) => wish(cancel.toTheirs({ named: parcel }), credential, now),
  changeReceiver: (parcel, credential, now) =>
    wish({ ...cancel.toTheirs({ named: parcel }), ...changed }, credential, now),
}

const wish = (document: object, credential: SandboxCredential, now: Date) =>
  signed(\`\${BASE}/cancellations\`, JSON.stringify({ wishes: [document] }), credential, now)
`

const index = `import type { Platform } from '../platform.ts'
import { accepted, cancel, order, refused, track } from './mapping.ts'
import { sandbox } from './sandbox.ts'
import { answerChanges, answerOrders, authenticate, fail, readChanges, readOrders } from './wire.ts'

/** TITLE. */
export const CONST: Platform<number, number> = {
  name: 'SLUG',
  title: 'TITLE',
  calls: 'native',
  authenticate,
  readOrders,
  answerOrders,
  readChanges,
  answerChanges,
  fail,
  writeVerdict: ({ primaryOrder, parcel, order, courier }, verdict) =>
    verdict.kind === 'accepted'
      ? accepted.toTheirs({ parcel: { primaryOrder, parcel }, acceptance: verdict.acceptance })
      : refused.toTheirs({
          parcel: { primaryOrder, parcel },
          acceptance: { outcome: 'refused', order, courier, reason: verdict.reason },
        }),
  writeTracking: ({ primaryOrder, parcel }, event) =>
    track.toTheirs({ parcel: { primaryOrder, parcel }, event }),
  writeCancelResult: ({ primaryOrder }, { granted }) => ({
    order: primaryOrder,
    result: granted ? 'cancelled' : 'denied',
  }),
  tables: [
    { name: 'order', table: order, document: 'Order', carries: 'order', way: 'read' },
    { name: 'accepted', table: accepted, document: 'Taken', carries: 'acceptance', way: 'written' },
    {
      name: 'refused',
      table: refused,
      document: 'Refusal',
      carries: 'acceptance',
      way: 'written',
    },
    { name: 'track', table: track, document: 'Track', carries: 'event', way: 'written' },
    { name: 'cancel', table: cancel, document: 'Cancel', carries: 'change', way: 'read' },
  ],
  sandbox,
}
`

/** The files of a new platform, by their path in its folder. */
export const platformFiles: Readonly<Record<string, string>> = {
  'README.md': readme('platforms'),
  'wire.schema.json': schema,
  'codes.ts': codes,
  'mapping.ts': mapping,
  'wire.ts': wire,
  'sandbox.ts': sandbox,
  'index.ts': index,
  'fixtures/request-clear.wire.json': '{ "orders": [{}] }\n',
  'fixtures/request-change.wire.json': '{}\n',
}
