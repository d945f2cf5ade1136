import type { Fault } from './fault.ts'

/** Members of answers that repeat what the caller posted, because its own format says so: numbers of its orders. */
const echoed: Readonly<Record<string, readonly string[]>> = {
  douyin: ['order_id', 'pack_id', 'order_channel'],
  kuaishou: ['requestId', 'packageCode'],
  vmall: ['orderCode', 'packageNo'],
  standard: ['primaryOrder', 'parcel', 'platformOrder', 'waybill'],
  /** The gateway's own calls: the id of what is answered. */
  gateway: ['id', 'unanswered'],
  push: [],
}

/** A fault where a mark of the input stands in an answer beside the members that may repeat one. */
export function echoIn(text: string, mark: string, who: string, input: unknown): Fault | undefined {
  if (!text.includes(mark)) return undefined
  const places = echoesOf(JSON.parse(text), mark, '')
  const allowed = echoed[who] ?? []
  const place = places.find(name => !allowed.includes(name))
  if (place === undefined) return undefined
  return { broken: 'echoed', what: `${who} answers with a value of the input in ${place}`, input }
}

/** Names of the members in which the mark stands; an element of a list has the list's name. */
function echoesOf(value: unknown, mark: string, name: string): string[] {
  if (typeof value === 'string') return value.includes(mark) ? [name || 'the body'] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([member, inner]) => [
    ...(member.includes(mark) ? ['a name'] : []),
    ...echoesOf(inner, mark, Array.isArray(value) ? name : member),
  ])
}
