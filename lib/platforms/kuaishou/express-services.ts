import { GatewayError } from '../../model/errors.ts'
import { whole } from '../../translate/codecs.ts'
import type { Numeric } from '../../translate/decimal.ts'
import { services } from './codes.ts'
import type { ExpressService } from './generated/types.ts'

/** What the table's functions get beside values: the service codes that this account drops. */
export interface Terms {
  readonly ignoreServices: readonly string[]
}

type Ours = readonly [declaredFen: number | undefined, collectFen: number | undefined]

/**
 * `expressServices` ⇄ declared value and cash to collect in fen. An element has either of two forms,
 * `{code, value}`, which is written, or `{serviceCode, serviceValue}`; 0 is no service.
 *
 * @throws {GatewayError} `SERVICE_UNMAPPED` for a code that is unknown and not dropped by agreement,
 * `VALUE_INVALID` for both forms in one, a value that is no whole number, a service that stands there twice
 * @see formats/pairs.md section 2
 */
export const expressServices = {
  name: 'expressServices',
  to: (list: readonly ExpressService[], terms: Terms | undefined): Ours => {
    const found = new Map<string, number | undefined>()
    list.forEach((service, n) => {
      const { code, value, at } = readService(service, `/${n}`)
      if (terms?.ignoreServices.includes(code)) return
      if (!isKnown(code)) throw new GatewayError('SERVICE_UNMAPPED', at)
      if (found.has(code)) throw new GatewayError('VALUE_INVALID', at)
      found.set(code, fenOf(value, `/${n}`))
    })
    return [found.get(services.insure), found.get(services.collect)]
  },
  from: ([declared, collect]: Ours): ExpressService[] | undefined => {
    const list = [...written(services.insure, declared), ...written(services.collect, collect)]
    return list.length === 0 ? undefined : list
  },
}

function readService(service: ExpressService, at: string) {
  const { code, value, serviceCode, serviceValue } = service
  const isOlder = serviceCode !== undefined || serviceValue !== undefined
  if (isOlder && (code !== undefined || value !== undefined))
    throw new GatewayError('VALUE_INVALID', at)
  return isOlder
    ? { code: serviceCode ?? '', value: serviceValue, at: `${at}/serviceCode` }
    : { code: code ?? '', value, at: `${at}/code` }
}

const isKnown = (code: string) => Object.values<string>(services).includes(code)

function fenOf(value: Numeric | undefined, at: string): number | undefined {
  if (value === undefined || value === '') return undefined
  try {
    return whole.to(value, undefined) || undefined
  } catch (error) {
    throw new GatewayError('VALUE_INVALID', at, { cause: error })
  }
}

const written = (code: string, fen: number | undefined): ExpressService[] =>
  fen === undefined ? [] : [{ code, value: String(fen) }]
