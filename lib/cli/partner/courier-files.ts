import { readme } from './readme.ts'

const schema = `{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "https://lasthop.dev/wire/couriers/SLUG/1",
  "title": "TITLE",
  "description": "Documents of TITLE that LastHop reads or writes.",
  "$defs": {
    "Waybill": {
      "title": "Waybill",
      "description": "What the courier pulls: a create-order.",
      "type": "object"
    },
    "Answer": {
      "title": "Answer",
      "description": "The response to a create-order.",
      "type": "object"
    },
    "Cancel": {
      "title": "Cancel",
      "description": "What the courier pulls to cancel an order.",
      "type": "object"
    },
    "Step": {
      "title": "Step",
      "description": "One step of a pushed route.",
      "type": "object"
    }
  }
}
`

const codes = `import type { RefusalReason, Status } from '../../model/validate.ts'

/** Their code of a step, and what happened; every other one is \`unknown\`. */
export const statuses = new Map<string, Status>()

/** Their code of a refusal, and why; every other one is \`other\`. */
export const reasons = new Map<string, RefusalReason['code']>()
`

const mapping = `import type { Accepted, Order } from '../../model/validate.ts'
import { between } from '../../translate/table.ts'
import type { CourierEvent, CourierSettings } from '../courier.ts'
import type { Answer, Cancel, Step, Waybill } from './generated/types.ts'

/** Create-order ⇄ order. */
export const waybill = between<Waybill, Order, CourierSettings>().table()

/** A response that accepts ⇄ acceptance. */
export const answer = between<Answer, Accepted>().table()

/** A cancellation. */
export const cancel = between<Cancel, Pick<Order, 'order'>>().table()

/** One step ⇄ a tracking event. */
export const step = between<Step, CourierEvent>().table()
`

const wire = `import { hmacSha256Hex, sameText } from '../../access/digest.ts'
import type { RawRequest } from '../../access/request.ts'
import { readJson } from '../../access/strict.ts'
import { GatewayError } from '../../model/errors.ts'
import { type Acceptance, checker, type Order } from '../../model/validate.ts'
import type { NativeAnswer } from '../../platforms/platform.ts'
import type { CancelResult, CourierEvent } from '../courier.ts'
import { reasons } from './codes.ts'
import { isAnswer, isStep } from './generated/validators.js'
import { answer, step } from './mapping.ts'

const checkAnswer = checker(isAnswer, 'WIRE_INVALID')
const checkStep = checker(isStep, 'WIRE_INVALID')

/** Reads a response: \`refused\` holds their code where it refuses. An example: replace it by theirs. @throws {GatewayError} \`WIRE_INVALID\` */
export function readAnswer(document: unknown, { order }: Pick<Order, 'order'>): Acceptance {
  const raw = codeIn(document, 'refused')
  const named = codeIn(document, 'order')
  if (named !== undefined && named !== order) throw new GatewayError('WIRE_INVALID', '/order')
  const head = { order, courier: 'SLUG' }
  if (raw !== undefined)
    return { outcome: 'refused', ...head, reason: { code: reasons.get(raw) ?? 'other', raw } }
  return { ...answer.toOurs(checkAnswer(document)), ...head }
}

/** Reads the response to a cancellation. @throws {GatewayError} \`WIRE_INVALID\` */
export function readCancelResult(document: unknown): CancelResult {
  const result = codeIn(document, 'result')
  if (result === 'cancelled') return { result: 'granted' }
  if (result === undefined) throw new GatewayError('WIRE_INVALID', '/result')
  return { result: 'denied', raw: result }
}

function codeIn(document: unknown, name: string): string | undefined {
  const value: unknown =
    typeof document === 'object' && document !== null && Reflect.get(document, name)
  return typeof value === 'string' ? value : undefined
}

/** Hex HMAC-SHA256 over the body. An example: replace it by theirs. */
export const signOf = (secret: string, body: string | Uint8Array): string =>
  hmacSha256Hex(secret, body)

/** @throws {GatewayError} \`UNAUTHENTICATED\` */
export function authenticateEvents(
  { headers, body }: RawRequest,
  secrets: readonly string[],
): void {
  const sign = headers.get('x-sign') ?? ''
  if (!secrets.some(secret => sameText(signOf(secret, body), sign)))
    throw new GatewayError('UNAUTHENTICATED')
}

/** Reads \`{"steps":[…]}\`, all or nothing. @throws {GatewayError} \`MALFORMED\` or \`WIRE_INVALID\` */
export function readEvents(request: RawRequest): CourierEvent[] {
  const document = readJson(request.body)
  const list: unknown =
    typeof document === 'object' && document !== null && Reflect.get(document, 'steps')
  if (!Array.isArray(list)) throw new GatewayError('WIRE_INVALID', '/steps')
  return list.map(one => step.toOurs(checkStep(one)))
}

/** The acknowledgement of a push. */
export const acknowledge = (): NativeAnswer => native(200, { ok: true })

/** An error on a push: they repeat it. */
export const fail = ({ code }: GatewayError): NativeAnswer =>
  native(code === 'UNAUTHENTICATED' ? 401 : 500, { ok: false })

const native = (status: number, body: object): NativeAnswer => ({
  status,
  contentType: 'application/json',
  body: JSON.stringify(body),
})
`

const sandbox = `import { checker } from '../../model/validate.ts'
import type { CourierSandbox } from '../courier.ts'
import { digitsOf, minutesAfter } from '../invented.ts'
import { statuses } from './codes.ts'
import { isCancel, isWaybill } from './generated/validators.js'
import { answer, step, waybill } from './mapping.ts'
import { signOf } from './wire.ts'

const settings = { displayLevel: 'street', native: {} } as const
const checkWaybill = checker(isWaybill, 'WIRE_INVALID')
const checkCancel = checker(isCancel, 'WIRE_INVALID')

/** A courier that accepts every waybill, with numbers made from the order's id. */
export const sandbox: CourierSandbox = {
  settings,
  product: '1',
  account: '1000000001',
  answer(document) {
    const { order, pieces } = waybill.toOurs(checkWaybill(document), settings)
    const waybills = Array.from({ length: pieces }, (_, n) => \`XX\${digitsOf(\`\${order}/\${n}\`, 13)}\`)
    return answer.toTheirs({ outcome: 'accepted', order, courier: 'SLUG', waybills })
  },
  refuse(document) {
    checkWaybill(document)
    return { refused: 'none' }
  },
  answerCancel(document, granted) {
    checkCancel(document)
    return { result: granted ? 'cancelled' : 'too late' }
  },
  pushes: parcel =>
    [...statuses].map(([code, status], n) => {
      const at = \`\${minutesAfter(parcel.start, 60 * n).replace(' ', 'T')}+08:00\`
      const raw = { system: 'SLUG', code }
      const key = [\`\${parcel.waybill}-\${code}\`]
      const event = { key, waybill: parcel.waybill, status, raw, at }
      const body = JSON.stringify({ steps: [step.toTheirs(event)] })
      const headers = { 'content-type': 'application/json', 'x-sign': signOf(parcel.secret, body) }
      return { method: 'POST', path: '/v1/couriers/SLUG/events', headers, body }
    }),
}
`

const index = `import type { Courier } from '../courier.ts'
import { answer, cancel, step, waybill } from './mapping.ts'
import { sandbox } from './sandbox.ts'
import {
  acknowledge,
  authenticateEvents,
  fail,
  readAnswer,
  readCancelResult,
  readEvents,
} from './wire.ts'

/** TITLE. */
export const CONST: Courier = {
  name: 'SLUG',
  title: 'TITLE',
  takes: {
    name: ['masked', 'fixed'],
    phone: ['masked', 'virtual-number', 'fixed'],
    address: ['masked', 'fixed'],
  },
  writeWaybill: (order, settings) => waybill.toTheirs(order, settings),
  writeCancel: ({ order }) => cancel.toTheirs({ order }),
  readAnswer,
  readCancelResult,
  pushes: 'signed',
  authenticateEvents,
  readEvents,
  acknowledge,
  fail,
  tables: [
    { name: 'waybill', table: waybill, document: 'Waybill', carries: 'order', way: 'written' },
    { name: 'answer', table: answer, document: 'Answer', carries: 'acceptance', way: 'read' },
    { name: 'cancel', table: cancel, document: 'Cancel', carries: 'change', way: 'written' },
    { name: 'step', table: step, document: 'Step', carries: 'event', way: 'read' },
  ],
  sandbox,
}
`

/** The files of a new courier, by their path in its folder. */
export const courierFiles: Readonly<Record<string, string>> = {
  'README.md': readme('couriers'),
  'wire.schema.json': schema,
  'codes.ts': codes,
  'mapping.ts': mapping,
  'wire.ts': wire,
  'sandbox.ts': sandbox,
  'index.ts': index,
  'fixtures/push-none.wire.json': '{ "steps": [] }\n',
}
