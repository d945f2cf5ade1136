import { hmacSha256Hex } from '../../access/digest.ts'
import type { PlatformSandbox } from '../platform.ts'
import request from './fixtures/request-clear.wire.json' with { type: 'json' }

const METHOD = 'logistics.newCreateOrder'

/** A shop's client in the call form, signed by HMAC-SHA256 over the business JSON as it is sent. */
export const sandbox: PlatformSandbox = {
  appKey: '6800000000000000001',
  request,
  sign(document, { appKey, secret }, now) {
    const timestamp = String(Math.floor(now.getTime() / 1000))
    const text = `app_key${appKey}method${METHOD}param_json${document}timestamp${timestamp}v2`
    const query = new URLSearchParams({
      app_key: appKey,
      method: METHOD,
      timestamp,
      v: '2',
      sign_method: 'hmac-sha256',
      sign: hmacSha256Hex(secret, secret + text + secret),
    })
    return {
      method: 'POST',
      path: `/v1/platforms/douyin/orders?${query}`,
      headers: { 'content-type': 'application/json' },
      body: document,
    }
  },
}
