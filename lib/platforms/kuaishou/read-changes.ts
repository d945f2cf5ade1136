import type { RawRequest } from '../../access/request.ts'
import { GatewayError } from '../../model/errors.ts'
import { unixMilliseconds } from '../../translate/codecs.ts'
import type { PlatformCredential, PostedChange } from '../platform.ts'
import { cancel, cipherUpdate, clearUpdate } from './change-mapping.ts'
import { methods } from './codes.ts'
import { isMobile } from './contact.ts'
import { type Fields, fieldsOf, isPush } from './envelope.ts'
import type { CancelRequest, UpdateRequest } from './generated/types.ts'
import { isCancelRequest, isUpdateRequest } from './generated/validators.js'
import { openPush } from './push.ts'
import { carriesCiphers, check, readParam } from './reading.ts'

/** What a wish came in; its answer echoes nothing. */
export type KuaishouChange = 'cancel' | 'update' | 'push'

/** When a message was made that does not say so: no wish is older. */
const UNKNOWN_TIME = 0

/**
 * Reads `open.express.ebill.cancel` or `open.express.ebill.update`, each one wish, or a message that
 * the platform pushed, which is only acknowledged.
 *
 * A parcel is named by `waybillCode`, or, while it has no number, by `tradeOrderCode`, `packageCode`,
 * and for another channel's order `orderChannel` and `merchantCode`.
 *
 * @throws {GatewayError} `MALFORMED`, `WIRE_INVALID` (nothing named, nothing to change), `VALUE_INVALID`
 * for another method, part of a party, or a value that is wrong; as the tables
 */
export function readChanges(
  request: RawRequest,
  credential: PlatformCredential,
): PostedChange<KuaishouChange>[] {
  if (isPush(request)) return [readPush(request, credential)]
  const fields = fieldsOf(request)
  const at = stampOf(fields.get('timestamp') ?? '')
  const method = fields.get('method')
  if (method === methods.cancel) return [{ ...readCancel(fields), at }]
  if (method === methods.update) return [{ ...readUpdate(fields, credential), at }]
  throw new GatewayError('VALUE_INVALID')
}

function readPush({ body }: RawRequest, credential: PlatformCredential) {
  const message = openPush(body, credential)
  if (message === undefined) throw new GatewayError('UNAUTHENTICATED')
  const at = stampOf(message.createTime ?? UNKNOWN_TIME)
  return { native: 'push', parcel: {}, wish: { kind: 'notice' }, at } as const
}

function readCancel(fields: Fields) {
  const theirs = check(isCancelRequest, readParam(fields))
  requireName(theirs)
  return { native: 'cancel', parcel: cancel.toOurs(theirs), wish: { kind: 'cancel' } } as const
}

function readUpdate(fields: Fields, credential: PlatformCredential) {
  const theirs = check(isUpdateRequest, readParam(fields))
  requireName(theirs)
  requireWhole(theirs)
  const ciphers = carriesCiphers(theirs.orderChannel, credential) && !isClearByNumber(theirs)
  const table = ciphers ? cipherUpdate : clearUpdate
  const parcel = cancel.toOurs(theirs)
  const {
    courier: _c,
    waybill: _w,
    platformOrder: _o,
    shop: _s,
    parcel: _p,
    ...parts
  } = table.toOurs(theirs)
  if (Object.keys(parts).length === 0) throw new GatewayError('WIRE_INVALID')
  return { native: 'update', parcel, wish: { kind: 'change', parts } } as const
}

function requireName({ waybillCode, tradeOrderCode }: CancelRequest): void {
  if ((waybillCode ?? '') === '' && (tradeOrderCode ?? '') === '')
    throw new GatewayError('WIRE_INVALID', '/waybillCode')
}

/**
 * Natively an update names a number and no channel, also of another channel's order. A mobile number of
 * eleven digits tells that its receiver is clear.
 */
function isClearByNumber({ tradeOrderCode = '', receiverContract }: UpdateRequest): boolean {
  return tradeOrderCode === '' && isMobile(receiverContract?.mobile)
}

/** What is sealed cannot be read back to be mended: a party is replaced whole, its remark with it. */
function requireWhole(theirs: UpdateRequest): void {
  for (const [one, other] of [
    ['senderContract', 'senderAddress'],
    ['senderAddress', 'senderContract'],
    ['receiverContract', 'receiverAddress'],
    ['receiverAddress', 'receiverContract'],
    ['tradeOrderRemark', 'receiverContract'],
  ] as const) {
    if (theirs[one] !== undefined && theirs[other] === undefined)
      throw new GatewayError('VALUE_INVALID', `/${one}`)
  }
}

function stampOf(time: number | string): string {
  const stamp = unixMilliseconds.to(time, undefined)
  if (stamp === undefined) throw new GatewayError('VALUE_INVALID')
  return stamp
}
