import { GatewayError } from '../../model/errors.ts'
import type { Order } from '../../model/validate.ts'
import { yuan } from '../../translate/codecs.ts'
import type { Service } from './generated/types.ts'

type AddedService = Order['services'][number]
type Theirs = readonly [signBack: 1 | undefined, list: readonly Service[] | undefined]
type Ours = readonly [
  services: readonly AddedService[],
  declaredFen: number | undefined,
  collectFen: number | undefined,
]

/**
 * `isSignBack` and `serviceList` ⇄ added services, declared value and cash on delivery. Amounts are
 * yuan as text: `{"name":"INSURE","value":"2200"}` ⇄ 220000 fen.
 *
 * @throws {GatewayError} `SERVICE_UNMAPPED` for a service that SF does not have, stands twice, or has a value SF cannot carry
 * @see formats/pairs.md section 2
 */
export const services = {
  name: 'services',
  absent: true,
  to: ([signBack, list = []]: Theirs = [undefined, undefined]) => {
    const fen = (name: Service['name']) => amountOf(list, name)
    return [read(signBack, list), fen('INSURE'), fen('COD')] as const
  },
  from: ([given, declared, collect]: Ours = [[], undefined, undefined]) => {
    given.forEach(check)
    const timed = given.find(service => service.code === 'timed-delivery')
    const list: Service[] = [
      ...amount('INSURE', declared),
      ...amount('COD', collect),
      ...(timed === undefined ? [] : [timedDelivery(timed.value)]),
    ]
    const signBack = given.some(service => service.code === 'sign-back')
    return [signBack ? 1 : undefined, list.length === 0 ? undefined : list] as const
  },
} as const

function check(service: AddedService, n: number, all: readonly AddedService[]): void {
  const refused = (at: string) => new GatewayError('SERVICE_UNMAPPED', `/0/${n}${at}`)
  if (service.code === 'home-delivery') throw refused('/code')
  if (all.findIndex(other => other.code === service.code) !== n) throw refused('')
  if (service.code === 'sign-back' && service.value !== undefined) throw refused('/value')
}

function amount(name: 'INSURE' | 'COD', fen: number | undefined): Service[] {
  const value = fen === undefined ? undefined : yuan.from(fen, undefined)
  return value === undefined ? [] : [{ name, value }]
}

function timedDelivery(value: string | undefined): Service {
  return value === undefined ? { name: 'IN26' } : { name: 'IN26', value }
}

function read(signBack: 1 | undefined, list: readonly Service[]): AddedService[] {
  const timed = list.find(service => service.name === 'IN26')
  const value = timed?.value === undefined ? {} : { value: timed.value }
  return [
    ...(signBack === undefined ? [] : [{ code: 'sign-back' } as const]),
    ...(timed === undefined ? [] : [{ code: 'timed-delivery', ...value } as const]),
  ]
}

function amountOf(list: readonly Service[], name: Service['name']): number | undefined {
  const n = list.findIndex(service => service.name === name)
  const value = list[n]?.value
  if (n < 0) return undefined
  if (value === undefined) throw new GatewayError('VALUE_INVALID', `/1/${n}`)
  return yuan.to(value, undefined)
}
