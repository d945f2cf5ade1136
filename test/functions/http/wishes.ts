import { hmacSha256Hex, md5Hex } from '../../../lib/access/digest.ts'
import { openSecrets } from '../../../lib/access/secrets.ts'
import { member, type Reply, textOf } from '../../../lib/cli/send.ts'
import { gatewayApp } from '../../../lib/local/server.ts'
import type { ParcelName } from '../../../lib/platforms/platform.ts'
import { type Bench, orderOf } from './bench.ts'
import { douyin, fresh, info, type Json, outcome, request } from './orders.ts'

const PATH = '/v1/platforms/douyin/cancellations'

/** What became of a wish, in Douyin's words: `10000 true`, `50002 isv.business-failed:10802`. */
export const said = ({ status, body }: Reply): string => {
  const success = member(body, 'data', 'cancel_result', 'success')
  const code = `${member(body, 'code')} ${textOf(body, 'sub_code')}`.trim()
  return `${status === 200 ? '' : `${status} `}${code}${success === undefined ? '' : ` ${success}`}`
}

/** Natively: cancelled, changed, "the courier was asked, repeat", and why not. */
export const CANCELLED = '10000 true'
export const DENIED = '10000 false'
export const CHANGED = '10000'
export const ASKED = '20000 isp.service-error:4009'
export const COLLECTED = '50002 isv.business-failed:10802'
export const OVER = '50002 isv.business-failed:10801'
export const UNKNOWN_NUMBER = '40004 isv.parameter-invalid:10014'
export const UNKNOWN_ORDER = '50002 isv.business-failed:15002'
export const STALE = '50002 isv.business-failed:20001'
export const ANSWERED = '50002 isv.business-failed:10907'

/** Another receiver, as an update names one. */
export const ANOTHER = {
  name: '王五',
  phone: '13700000000',
  address: '变更路9号新样例大厦7层702室',
} as const

/** The receiver of an update. */
export const receiver = (changes: { contact?: Json; address?: Json } = {}): Json => ({
  receiver_info: {
    address: {
      country_code: 'CHN',
      province_name: '浙江省',
      city_name: '杭州市',
      district_name: '西湖区',
      street_name: '古荡街道',
      detail_address: ANOTHER.address,
      ...changes.address,
    },
    contact: { name: ANOTHER.name, mobile: ANOTHER.phone, ...changes.contact },
  },
})

/** What a platform wishes of orders on one bench, each signed as the platform signs. */
export function wishesOn(bench: Bench) {
  const { appKey, secret } = bench.platform
  const signed = (method: string, document: Json, at: Date) => {
    const body = JSON.stringify({ logistics_code: 'shunfeng', ...document })
    const timestamp = String(Math.floor(at.getTime() / 1000))
    const text = `app_key${appKey}method${method}param_json${body}timestamp${timestamp}v2`
    const sign = hmacSha256Hex(secret, secret + text + secret)
    const query = { app_key: appKey, method, timestamp, v: '2', sign_method: 'hmac-sha256', sign }
    const path = `${PATH}?${new URLSearchParams(query)}`
    return { method: 'POST', path, headers: { 'content-type': 'application/json' }, body }
  }
  const call = async (method: string, document: Json, at: Date) =>
    said(await bench.send(signed(method, document, at)))

  /** The same gateway, but its platform's account takes MD5, as pushed messages need. */
  const pushing = gatewayApp(
    {
      ...bench.world,
      intake: {
        ...bench.world.intake,
        secrets: {
          ...bench.world.intake.secrets,
          platforms: openSecrets(
            async () => Buffer.from(JSON.stringify({ current: { appKey, secret, md5: true } })),
            'platforms',
          ),
        },
      },
    },
    name => void bench.bugs.push(name),
  )

  return {
    cancel: (document: Json, at = new Date()) => call('logistics.cancelOrder', document, at),
    update: (document: Json, at = new Date()) => call('logistics.updateOrder', document, at),
    /** By the platform's own sandbox. */
    sandboxCancel: async (parcel: ParcelName, at = new Date()) =>
      said(await bench.send(douyin.sandbox.cancel(parcel, bench.platform, at))),
    sandboxChange: async (parcel: ParcelName, at = new Date()) =>
      said(await bench.send(douyin.sandbox.changeReceiver(parcel, bench.platform, at))),
    signed,
    /** Forwards messages of the platform; its answer as text. */
    async push(messages: readonly Json[], sign?: string, via = pushing) {
      const body = JSON.stringify(messages)
      const headers = {
        'content-type': 'application/json',
        'event-sign': sign ?? md5Hex(appKey + body + secret),
      }
      return bench.send({ method: 'POST', path: PATH, headers, body }, via)
    },
    message: (tag: string, order: string, seconds: number): Json => ({
      tag,
      msg_id: `${tag}-${order}-${seconds}`,
      data: `{"p_id":${order},"shop_id":1000001,"update_time":${seconds}}`,
    }),
    /** A fresh order that its courier has not answered. */
    async posted(change: Json = {}, at = new Date()) {
      const id = fresh()
      const document = request([info(id, change)])
      await bench.native(document, { at })
      return { id, order: orderOf(id), document, entry: await bench.entryOf(orderOf(id)) }
    },
    /** A fresh order that its courier has taken, and its number. */
    async taken(change: Json = {}) {
      const id = fresh()
      const document = request([info(id, change)])
      const entry = await bench.accepted(document, orderOf(id))
      const number = outcome(await bench.post(document)) ?? ''
      return { id, order: orderOf(id), document, entry, number }
    },
    /** The courier's answer to the cancellation that it was asked for. */
    async decide(order: string, resStatus: number) {
      const { id } = await bench.entryOf(order, 'cancel')
      const msgData = { orderId: order, resStatus }
      await bench.answer([{ id, document: { success: true, errorCode: 'S0000', msgData } }])
    },
    async stateOf(order: string) {
      return (await bench.world.exchange.store.getHeads([order])).get(order)?.state
    },
  }
}
