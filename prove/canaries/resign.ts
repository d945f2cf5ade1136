import { hmacSha256Base64, hmacSha256Hex } from '../../lib/access/digest.ts'
import { signOf } from '../../lib/couriers/kye/sign.ts'
import { signedText } from '../../lib/platforms/kuaishou/signature.ts'
import type { OutgoingRequest } from '../../lib/platforms/platform.ts'
import type { Marked } from './marks.ts'

/** The invented receiver that sandboxes change to, replaced by a marked one; a form's JSON stands in its `param`. */
function withMarks(json: string, { name, phone, address }: Marked): string {
  return json
    .replace('13700000000', phone)
    .replace(/"(?:王五|钱七)"/, JSON.stringify(name))
    .replace(/("(?:detail_address|detailAddress|detail|address)"):"[^"]*"/, `$1:"${address}"`)
}

/** A sandbox's change of the receiver with marks in it, signed again as its platform signs. */
export function markedChange(
  platform: string,
  request: OutgoingRequest,
  secret: string,
  marked: Marked,
): OutgoingRequest {
  if (platform === 'kuaishou') {
    const fields = new Map(new URLSearchParams(request.body))
    fields.set('param', withMarks(fields.get('param') ?? '', marked))
    fields.delete('sign')
    fields.set('sign', hmacSha256Base64(secret, `${signedText(fields)}&signSecret=${secret}`))
    return { ...request, body: new URLSearchParams([...fields]).toString() }
  }
  const body = withMarks(request.body, marked)
  if (platform !== 'douyin') return { ...request, body }
  const [path = '', search = ''] = request.path.split('?')
  const query = new URLSearchParams(search)
  const [key, method, timestamp] = ['app_key', 'method', 'timestamp'].map(name => query.get(name))
  const text = `app_key${key}method${method}param_json${body}timestamp${timestamp}v2`
  query.set('sign', hmacSha256Hex(secret, secret + text + secret))
  return { ...request, path: `${path}?${query}`, body }
}

/**
 * A push whose own words name a marked rider, phone and address, as real ones do; members that the
 * courier's documents do not know hold marks as well.
 */
export function markedPush(push: OutgoingRequest, secret: string, marked: Marked): OutgoingRequest {
  const text = marked.phone.endsWith('1')
    ? `快件交给【${marked.name}】，电话：${marked.phone}，送往【${marked.address}】`
    : `快件交给${marked.name}（电话：${marked.phone}），送往${marked.address}`
  const body = push.body
    .replace(/("(?:remark|desc)"):"[^"]*"/g, `$1:${JSON.stringify(text)}`)
    .replace(/"rider":"[^"]*"/g, `"rider":${JSON.stringify(marked.name)}`)
  const timestamp = push.headers['x-kye-timestamp']
  if (timestamp === undefined) return { ...push, body }
  return {
    ...push,
    body,
    headers: { ...push.headers, 'x-kye-sign': signOf(secret, timestamp, body) },
  }
}
