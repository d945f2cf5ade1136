import { hmacSha256Base64 } from '../../access/digest.ts'
import type {
  OutgoingRequest,
  ParcelName,
  PlatformSandbox,
  SandboxCredential,
} from '../platform.ts'
import { couriers, methods, OTHER_CHANNEL } from './codes.ts'
import request from './fixtures/request-clear.wire.json' with { type: 'json' }
import { echoedParcel } from './identity.ts'
import { signedText } from './signature.ts'

const BASE = '/v1/platforms/kuaishou'

/** `method` of calls that the platform does not have, such as reading events. */
const OWN_METHOD = 'lasthop.events'

const ADDRESS = {
  provinceName: '浙江省',
  cityName: '杭州市',
  districtName: '西湖区',
  streetName: '翠苑街道',
}
const CLEAR = {
  receiverContract: { name: '王五', mobile: '13700000000' },
  receiverAddress: { ...ADDRESS, detailAddress: '改派路8号样例苑5栋602室' },
}
const CIPHERS = {
  receiverContract: { name: 'RkFLRS1OQU1FLTI=', mobile: 'RkFLRS1QSE9ORS0y' },
  receiverAddress: { ...ADDRESS, detailAddress: 'RkFLRS1BRERSRVNTLTI=' },
}

/** A shop's client: forms signed by HMAC-SHA256. */
export const sandbox: PlatformSandbox = {
  appKey: 'ks6800000000000001',
  request,
  requestFor: (courier, { product, account }) => ({
    getEbillOrderRequest: request.getEbillOrderRequest.map(order => ({
      ...order,
      expressCompanyCode: couriers.from(courier),
      expressProductCode: product,
      settleAccount: account,
    })),
  }),
  sign: (document, credential, now) =>
    // What is no order request is a call of the gateway's own, which has no form natively.
    document.includes('"getEbillOrderRequest"')
      ? asForm(`${BASE}/orders`, methods.get, document, credential, now)
      : asQuery(`${BASE}/orders`, OWN_METHOD, document, credential, now),
  cancel: (parcel, credential, now) =>
    asForm(`${BASE}/cancellations`, methods.cancel, named(parcel), credential, now),
  changeReceiver: (parcel, credential, now) => {
    const isOwn = parcel.platformOrder !== undefined && parcel.shop === undefined
    const document = { orderChannel: OTHER_CHANNEL, ...named(parcel), ...(isOwn ? CIPHERS : CLEAR) }
    return asForm(`${BASE}/cancellations`, methods.update, document, credential, now)
  },
}

/** A parcel as a wish names it. */
function named({ courier = 'sf', waybill, platformOrder, shop, parcel }: ParcelName) {
  const channel = shop === undefined ? 'KUAI_SHOU' : OTHER_CHANNEL
  return {
    expressCompanyCode: couriers.from(courier),
    ...(waybill === undefined ? {} : { waybillCode: waybill }),
    ...(platformOrder === undefined
      ? {}
      : { tradeOrderCode: platformOrder, orderChannel: channel, merchantCode: shop }),
    ...(parcel === undefined ? {} : { packageCode: echoedParcel.from(parcel) }),
  }
}

function asForm(
  path: string,
  method: string,
  document: unknown,
  credential: SandboxCredential,
  now: Date,
): OutgoingRequest {
  const param = typeof document === 'string' ? document : JSON.stringify(document)
  const body = new URLSearchParams([...signed(method, param, credential, now)]).toString()
  return {
    method: 'POST',
    path,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body,
  }
}

/** The same with all but `param` in the query, and `param` as the body. */
function asQuery(
  path: string,
  method: string,
  param: string,
  credential: SandboxCredential,
  now: Date,
): OutgoingRequest {
  const { param: _, ...fields } = Object.fromEntries(signed(method, param, credential, now))
  return {
    method: 'POST',
    path: `${path}?${new URLSearchParams(fields)}`,
    headers: { 'content-type': 'application/json' },
    body: param,
  }
}

function signed(
  method: string,
  param: string,
  { appKey, secret }: SandboxCredential,
  now: Date,
): Map<string, string> {
  const fields = new Map(
    Object.entries({
      access_token: 'sandbox',
      appkey: appKey,
      method,
      param,
      signMethod: 'HMAC_SHA256',
      timestamp: String(now.getTime()),
      version: '1',
    }),
  )
  const text = `${signedText(fields)}&signSecret=${secret}`
  return fields.set('sign', hmacSha256Base64(secret, text))
}
