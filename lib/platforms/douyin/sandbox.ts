import { hmacSha256Hex } from '../../access/digest.ts'
import type {
  OutgoingRequest,
  ParcelName,
  PlatformSandbox,
  SandboxCredential,
} from '../platform.ts'
import { couriers } from './codes.ts'
import request from './fixtures/request-clear.wire.json' with { type: 'json' }
import { echoedParcel } from './identity.ts'
import { CANCEL, UPDATE } from './read-changes.ts'
import { METHOD } from './read-orders.ts'

/** Who receives after a change: an invented person. */
const ANOTHER = {
  address: {
    country_code: 'CHN',
    province_name: '浙江省',
    city_name: '杭州市',
    district_name: '西湖区',
    street_name: '古荡街道',
    detail_address: '样例路99号测试大厦7层',
  },
  contact: { name: '钱七', phone: '', mobile: '13700000000' },
}

/** A shop's client in the call form, signed by HMAC-SHA256 over the business JSON as it is sent. */
export const sandbox: PlatformSandbox = {
  appKey: '6800000000000000001',
  request,
  requestFor: (courier, { product, account }) => ({
    ...request,
    logistics_code: couriers.from(courier),
    order_infos: request.order_infos.map(info => ({
      ...info,
      product_type: product,
      net_info: { ...info.net_info, monthly_account: account },
    })),
  }),
  sign: (document, credential, now) => call('orders', METHOD, document, credential, now),
  cancel: (parcel, credential, now) =>
    call('cancellations', CANCEL, JSON.stringify(named(parcel)), credential, now),
  changeReceiver(parcel, credential, now) {
    const update = { ...named(parcel), receiver_info: ANOTHER }
    return call('cancellations', UPDATE, JSON.stringify(update), credential, now)
  },
}

/** How a change names its parcel. */
function named({ courier, waybill, platformOrder, parcel = '-' }: ParcelName) {
  const pack_id = echoedParcel.from(parcel)
  return {
    logistics_code: couriers.from(courier ?? 'sf'),
    ...(waybill === undefined ? {} : { track_no: waybill }),
    ...(platformOrder === undefined ? {} : { order_id: platformOrder }),
    ...(pack_id === '' ? {} : { pack_id }),
  }
}

function call(
  path: string,
  method: string,
  document: string,
  { appKey, secret }: SandboxCredential,
  now: Date,
): OutgoingRequest {
  const timestamp = String(Math.floor(now.getTime() / 1000))
  const text = `app_key${appKey}method${method}param_json${document}timestamp${timestamp}v2`
  const query = new URLSearchParams({
    app_key: appKey,
    method,
    timestamp,
    v: '2',
    sign_method: 'hmac-sha256',
    sign: hmacSha256Hex(secret, secret + text + secret),
  })
  return {
    method: 'POST',
    path: `/v1/platforms/douyin/${path}?${query}`,
    headers: { 'content-type': 'application/json' },
    body: document,
  }
}
