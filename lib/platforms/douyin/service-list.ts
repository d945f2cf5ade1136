import { readJsonText } from '../../access/strict.ts'
import { GatewayError } from '../../model/errors.ts'
import type { AddedService } from '../../model/generated/types.ts'
import { flag, whole } from '../../translate/codecs.ts'
import type { Numeric } from '../../translate/decimal.ts'
import { inPlace } from './clear-or-cipher.ts'
import { services } from './codes.ts'
import type { Service } from './generated/types.ts'

/** What the table's functions get beside values: the service codes that this account drops. */
export interface Terms {
  readonly ignoreServices: readonly string[]
}

type Theirs = readonly [list: readonly Service[] | undefined, signBack: Numeric | undefined]
type Ours = readonly [
  services: readonly AddedService[] | undefined,
  declaredFen: number | undefined,
  collectFen: number | undefined,
]

const signBack = flag('sign-back')

/**
 * `service_list` and `is_sign_back` ⇄ services, declared value and cash to collect in fen. A value is
 * JSON inside text, `{"value":220000}`; `{value:2200}` is not, and not repaired. 0 is no service.
 *
 * @throws {GatewayError} `SERVICE_UNMAPPED` for a code that is unknown and not dropped by agreement,
 * `VALUE_INVALID` for another value or a service that stands there twice
 * @see formats/pairs.md section 2
 */
export const serviceList = {
  name: 'serviceList',
  absent: true,
  to: (written: Theirs | undefined, terms: Terms | undefined) => {
    const [list = [], back] = written ?? []
    const found = new Map<string, Service>()
    list.forEach((service, n) => {
      const { service_code: code } = service
      if (terms?.ignoreServices.includes(code)) return
      if (!isKnown(code)) throw new GatewayError('SERVICE_UNMAPPED', `/0/${n}/service_code`)
      if (found.has(code)) throw new GatewayError('VALUE_INVALID', `/0/${n}/service_code`)
      found.set(code, service)
    })
    const added: AddedService[] = found.has(services.homeDelivery)
      ? [{ code: 'home-delivery' }]
      : []
    if (back !== undefined && inPlace(1, () => signBack.to(back))) added.push({ code: 'sign-back' })
    return [added, fenOf(found.get(services.insure)), fenOf(found.get(services.collect))] as const
  },
  from: (ours: Ours | undefined) => {
    const [added = [], declared, collect] = ours ?? []
    const list = [
      ...valued(services.insure, declared),
      ...valued(services.collect, collect),
      ...added.flatMap(written),
    ]
    return [
      list.length === 0 ? undefined : list,
      added.some(({ code }) => code === 'sign-back') ? 1 : undefined,
    ] as const
  },
} as const

const isKnown = (code: string) => Object.values<string>(services).includes(code)

function fenOf(service: Service | undefined): number | undefined {
  const text = service?.service_value ?? ''
  if (text === '') return undefined
  const { value } = objectIn(text)
  if (typeof value !== 'number') throw invalid()
  return whole.to(value, undefined) || undefined
}

function objectIn(text: string): { readonly value?: unknown } {
  try {
    const json = readJsonText(text)
    if (typeof json === 'object' && json !== null) return json
  } catch (error) {
    throw new GatewayError('VALUE_INVALID', '/0', { cause: error })
  }
  throw invalid()
}

function valued(code: string, fen: number | undefined): Service[] {
  return fen === undefined
    ? []
    : [{ service_code: code, service_value: JSON.stringify({ value: fen }) }]
}

function written({ code }: AddedService): Service[] {
  if (code === 'sign-back') return []
  if (code === 'home-delivery') return [{ service_code: services.homeDelivery }]
  throw new GatewayError('SERVICE_UNMAPPED', '/0')
}

const invalid = () => new GatewayError('VALUE_INVALID', '/0')
