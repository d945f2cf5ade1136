import type { OutgoingRequest, ParcelName, PlatformSandbox } from '../platform.ts'
import request from './fixtures/request-clear.wire.json' with { type: 'json' }

const BASE = '/v1/platforms/standard'

/** Who receives after a change: another invented person at another address. */
const OTHER_RECEIVER = {
  region: {
    country: { name: '中国', code: 'CN' },
    province: { name: '广东省', code: '440000' },
    city: { name: '东莞市', code: '441900' },
    town: { name: '南城街道' },
  },
  personal: { name: '王五', phone: '13700000000', address: '样例大道8号3单元502室' },
}

/** A platform's client. Its requests want an HTTP message signature, which whoever sends them adds. */
export const sandbox: PlatformSandbox = {
  appKey: 'standard',
  request,
  requestFor: (courier, { product, account }) => ({
    orders: request.orders.map(order => ({ ...order, courier, product, account })),
  }),
  sign: document => posting('/orders', document),
  cancel: (parcel, _credential, now) => changing({ change: 'cancel' }, parcel, now),
  changeReceiver: (parcel, _credential, now) =>
    changing({ change: 'receiver-changed', receiver: OTHER_RECEIVER }, parcel, now),
}

function changing(wish: object, parcel: ParcelName, now: Date): OutgoingRequest {
  const change = { ...wish, ...parcel, at: now.toISOString() }
  return posting('/cancellations', JSON.stringify({ changes: [change] }))
}

function posting(path: string, body: string): OutgoingRequest {
  return {
    method: 'POST',
    path: BASE + path,
    headers: { 'content-type': 'application/json' },
    body,
  }
}
